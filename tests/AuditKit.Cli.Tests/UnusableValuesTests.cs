using System.CommandLine;
using System.CommandLine.Help;

namespace AuditKit.Cli.Tests;

/// <summary>Every argument and every option of every command, new ones too, given what nobody should give them.</summary>
[Collection("standard error")]
public sealed class UnusableValuesTests
{
    private static readonly string[] s_values =
        ["", " ", "abc", "-1", "NaN", "1e999", "0x10", "\0", "a\0b", "--", "@nowhere", "\u001b[31mred", "line\nbreak", new string('x', 100_000), "/dev/null/x"];

    [Fact]
    public void Each_ends_in_exit_code_2_and_one_line_without_a_trace()
    {
        int tried = 0;
        foreach ((string[] path, Command command) in Commands(Program.CreateRoot(), []))
        {
            string[] required = [.. command.Arguments.Select(_ => "nowhere"), .. command.Options.Where(option => option.Required)
                .SelectMany(option => new[] { option.Name, "nowhere" })];
            // Two dashes end the options: to a command that needs no argument they say nothing.
            bool needsNone = command.Arguments.All(argument => argument.Arity.MinimumNumberOfValues == 0);
            foreach (string value in s_values.Where(value => value != "--" || !needsNone))
            {
                for (int i = 0; i < command.Arguments.Count; i++)
                {
                    string[] arguments = [.. required];
                    arguments[i] = value;
                    Refused([.. path, .. arguments], value);
                    tried++;
                }

                foreach (Option option in command.Options.Where(option => option is not HelpOption and not VersionOption))
                {
                    Refused([.. path, .. Without(required, option.Name), option.Name, value], value);
                    tried++;
                }
            }
        }

        Assert.InRange(tried, 600, int.MaxValue);
    }

    [Theory]
    [InlineData("--threads must be a whole number between 1 and 1024, not 'abc'.", "run", "x", "--threads", "abc")]
    [InlineData("--threads must be a whole number between 1 and 1024, not '99999999999'.", "doctor", "x", "--threads", "99999999999")]
    [InlineData("--margin must be a number between 0 and 1, not 'abc'.", "compare", "a", "b", "--margin", "abc")]
    [InlineData("--margin must be a number between 0 and 1, not 'NaN'.", "compare", "a", "b", "--margin", "NaN")]
    [InlineData("--length must be a whole number between 1 and 100, not '1.5'.", "tta", "search", "x", "--out", "y", "--length", "1.5")]
    [InlineData("spec is empty.", "run", "")]
    [InlineData("--out is empty.", "export", "x", "--out", "")]
    [InlineData("--data is empty.", "verify", "x", "--data", " ")]
    [InlineData("--key holds the character U+0000.", "verify", "x", "--key", "a\0b")]
    [InlineData("no command 'rnu'. Did you mean 'run'? auditkit --help lists the commands.", "rnu")]
    [InlineData("no command 'rn'. Did you mean 'run'?", "rn", "spec.yaml", "--out", "x")]
    [InlineData("no command 'foo'. auditkit --help", "foo")]
    [InlineData("no command 'tta serch'. Did you mean 'search'? auditkit tta --help lists the commands.", "tta", "serch", "x")]
    [InlineData("auditkit train --help explains arguments and options.", "train", "x", "--thraeds", "2")]
    [InlineData("auditkit --help explains the commands.", "--nope")]
    public void What_is_wrong_is_said(string message, params string[] arguments) => Assert.Contains(message, Refused(arguments, ""));

    private static IEnumerable<(string[] Path, Command Command)> Commands(Command command, string[] path)
    {
        if (command.Subcommands.Count == 0)
        {
            yield return (path, command);
        }

        // A hidden command is for AuditKit itself, and answers otherwise.
        foreach (Command below in command.Subcommands.Where(below => !below.Hidden))
        {
            foreach ((string[] Path, Command Command) found in Commands(below, [.. path, below.Name]))
            {
                yield return found;
            }
        }
    }

    private static string[] Without(string[] arguments, string option)
    {
        int at = Array.IndexOf(arguments, option);
        return at < 0 ? arguments : [.. arguments[..at], .. arguments[(at + 2)..]];
    }

    private static string Refused(string[] arguments, string value)
    {
        TextWriter console = Console.Error;
        using var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            int exitCode = Program.Run(arguments);
            string text = errors.ToString();
            string which = $"{string.Join(' ', arguments.Select(argument => argument.Length > 50 ? "…" : argument))} with "
                + $"'{value[..Math.Min(value.Length, 50)]}': {exitCode}, {text}";
            Assert.True(exitCode == (int)ExitCode.Usage, which);
            Assert.True(text.StartsWith("auditkit: ", StringComparison.Ordinal) && text.TrimEnd('\n').IndexOf('\n') < 0, which);
            Assert.DoesNotContain("internal error", text);
            return text;
        }
        finally
        {
            Console.SetError(console);
        }
    }
}
