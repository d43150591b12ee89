using System.Diagnostics;
using Spectre.Console;

namespace AuditKit.Cli.Tests;

/// <summary>Standard output and error that are closed, full, read no further, or a terminal that obeys what it is sent.</summary>
public sealed class StandardStreamsTests
{
    [Fact]
    public void Reports_are_written_and_the_exit_code_is_the_verdict()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs bash");
        using var audit = new SmallAudit();
        (ExitCode expected, _) = audit.Run();
        string[] redirections = [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "> /dev/full", "> /dev/full 2>&1", "| head -c 1"];
        foreach ((int i, string redirection) in redirections.Index())
        {
            (ExitCode exit, string output) = Shell(audit, $"set -o pipefail; \"$@\" --out {i} {redirection}");

            Assert.True(exit == expected, $"{redirection}: {exit} {output}");
            Assert.DoesNotContain("   at ", output);
            Assert.Equal(audit.Read("report.json"), File.ReadAllBytes(Path.Combine(audit.Folder, $"{i}", "report.json")));
            Assert.Equal(audit.Read("report.pdf"), File.ReadAllBytes(Path.Combine(audit.Folder, $"{i}", "report.pdf")));
            Assert.Equal(audit.Read("junit.xml"), File.ReadAllBytes(Path.Combine(audit.Folder, $"{i}", "junit.xml")));
        }
    }

    [Fact]
    public void What_was_lost_is_said_where_it_can_be()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs bash");
        using var audit = new SmallAudit(20);
        (_, string output) = Shell(audit, "\"$@\" --out other > /dev/full");
        Assert.Matches(@"^auditkit: what was printed could not be written: .*\n$", output);
    }

    [Theory]
    [InlineData("dark\\e[31m\\e]0;owned\\a", "dark\\u001b[31m\\u001b]0;owned\\u0007")]
    [InlineData("dark\\u202egpj", "dark\\u202egpj")]
    [InlineData("dark\\r100 %", "dark\\u000d100 %")]
    public void Names_with_control_characters_are_shown_by_number(string name, string shown)
    {
        using var audit = new SmallAudit(40);
        File.WriteAllText(Path.Combine(audit.Folder, "audit.yaml"), $$"""
            name: "{{name}}"
            model: { path: model.onnx }
            data: { format: idx, path: data, split: test, classes: ["{{name}}", bright] }
            seed: 1
            checks:
              subgroups: { by: [class], min-worst: 0.5, min-size: 5 }
              "{{name}}": {}
            """);
        (ExitCode exit, string output) = audit.Run();
        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(shown, output);
        Assert.DoesNotContain(output, c => char.IsControl(c) && c != '\n');

        (_, output) = audit.Run("--set", $"checks={{ subgroups: {{ by: [class], min-worst: 0.5, min-size: 5 }} }}");
        Assert.Contains(shown, output);
        Assert.DoesNotContain(output, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void What_moves_the_cursor_is_the_consoles_own()
    {
        using var screen = new StringWriter();
        IAnsiConsole console = Terminal.Create(screen, isTerminal: true, AnsiSupport.Yes);
        var table = new Table().AddColumn(Markup.Escape("\u001b[31mname"));
        table.AddRow("[green]pass[/]").AddRow(Markup.Escape("\u001b]0;owned\u0007[x]\u0085"));
        console.Write(table);
        console.Cursor.Hide();
        string text = screen.ToString();
        Assert.Contains("\\u001b[31mname", text);
        Assert.Contains("\\u001b]0;owned\\u0007[x]\\u0085", text);
        Assert.Contains("\u001b[?25l", text);
        Assert.DoesNotContain("\u001b]", text);
        Assert.DoesNotContain('\u0085', text);
    }

    [Theory]
    [InlineData("長い題名 ", 40)]
    [InlineData("x", 200)]
    [InlineData("/../a\\n# b <i> ${c} %s \\e[31m", 6)]
    public void A_title_may_hold_anything(string title, int times)
    {
        using var audit = new SmallAudit(20);
        string spec = File.ReadAllText(Path.Combine(audit.Folder, "audit.yaml"));
        File.WriteAllText(Path.Combine(audit.Folder, "audit.yaml"), spec.Replace("Bright or dark", $"\"{string.Concat(Enumerable.Repeat(title, times))}\""));
        (ExitCode exit, string output) = audit.Run();
        Assert.True(exit is ExitCode.Pass or ExitCode.Inconclusive, output);
        Assert.NotEmpty(audit.Read("report.pdf"));
        Assert.NotEmpty(audit.Read("junit.xml"));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(500_000)]
    public void A_title_without_end_is_refused(int length)
    {
        using var audit = new SmallAudit(20);
        string spec = File.ReadAllText(Path.Combine(audit.Folder, "audit.yaml"));
        File.WriteAllText(Path.Combine(audit.Folder, "audit.yaml"), spec.Replace("Bright or dark", new string('x', length)));
        (ExitCode exit, string output) = audit.Run();
        Assert.Equal((ExitCode.Usage, $"auditkit: audit.yaml:1:7: 'name' has {length} characters. It stands in headings, which have "
            + "room for 200.\n"), (exit, output));
    }

    private static (ExitCode ExitCode, string Output) Shell(SmallAudit audit, string script)
    {
        ProcessStartInfo run = CommandLine.StartInfo(audit.Folder, "run", "audit.yaml");
        return CommandLine.Run(new ProcessStartInfo("bash", ["-c", script, "bash", run.FileName, .. run.ArgumentList])
        {
            WorkingDirectory = audit.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
    }
}
