using System.Diagnostics;

namespace AuditKit.Cli.Tests;

/// <summary>Ctrl-C and SIGTERM, sent to the command line at work.</summary>
public sealed class InterruptionTests
{
    private const int SigInt = 130, SigTerm = 143;

    public InterruptionTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");

    [Theory]
    [InlineData("INT", SigInt)]
    [InlineData("TERM", SigTerm)]
    public void An_interrupted_run_says_so_and_goes_on_to_the_report_of_an_unbroken_one(string signal, int expected)
    {
        using var whole = new SmallAudit(4000);
        whole.Run();
        using var broken = new SmallAudit(4000);
        (int exitCode, string errors) = Interrupt(broken.Folder, signal, () => Size(broken, "run") > 200_000, "run", "audit.yaml", "--out", "run");

        Assert.Equal((expected, "auditkit: interrupted, run again to go on.\n"), (exitCode, errors));
        Assert.False(File.Exists(Path.Combine(broken.Folder, "run", "report.json")));
        broken.Run();
        Assert.Equal(whole.Read("report.json"), broken.Read("report.json"));
        Assert.Equal(whole.Read("report.html"), broken.Read("report.html"));
    }

    [Fact]
    public void A_search_of_policies_is_interrupted_and_gone_on_with()
    {
        string[] search = ["tta", "search", "audit.yaml", "--out", "policy.json", "--length", "3", "--pool", "30"];
        using var whole = new SmallAudit(300);
        CommandLine.Run(whole.Folder, search);
        using var broken = new SmallAudit(300);
        (int exitCode, string errors) = Interrupt(broken.Folder, "INT", () => Size(broken, "policy.json.search") > 100_000, search);

        Assert.Equal((SigInt, "auditkit: interrupted, run again to go on.\n"), (exitCode, errors));
        Assert.False(File.Exists(Path.Combine(broken.Folder, "policy.json")));
        (ExitCode again, string output) = CommandLine.Run(broken.Folder, search);
        Assert.True(again == ExitCode.Pass, output);
        Assert.Equal(File.ReadAllText(Path.Combine(whole.Folder, "policy.json")), File.ReadAllText(Path.Combine(broken.Folder, "policy.json")));
    }

    [Fact]
    public void A_training_is_interrupted_and_gone_on_with_to_the_same_model()
    {
        string[] train = ["train", "recipe.yaml", "--out", "trained", "--threads", "1"];
        using var whole = new SmallAudit(600);
        WriteRecipe(whole);
        (ExitCode exit, string output) = CommandLine.Run(whole.Folder, train);
        Assert.True(exit == ExitCode.Pass, output);
        using var broken = new SmallAudit(600);
        WriteRecipe(broken);
        string checkpoint = Path.Combine(broken.Folder, "trained", "checkpoint.bin");
        (int exitCode, string errors) = Interrupt(broken.Folder, "TERM", () => File.Exists(checkpoint), train);

        Assert.Equal((SigTerm, "auditkit: interrupted, run again to go on.\n"), (exitCode, errors));
        Assert.False(File.Exists(Path.Combine(broken.Folder, "trained", "model.onnx")));
        CommandLine.Run(broken.Folder, train);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Folder, "trained", "model.onnx")),
            File.ReadAllBytes(Path.Combine(broken.Folder, "trained", "model.onnx")));
    }

    [Theory]
    [InlineData("INT", SigInt)]
    [InlineData("TERM", SigTerm)]
    public void A_command_that_keeps_nothing_to_go_on_from_is_ended_where_it_is(string signal, int expected)
    {
        using var audit = new SmallAudit();
        audit.Run();
        // The PDF comes after the page, and takes a second.
        string page = Path.Combine(audit.Folder, "compared", "report.html");
        (int exitCode, string errors) = Interrupt(audit.Folder, signal, () => File.Exists(page), "compare", "run", "run", "--out", "compared");
        Assert.Equal((expected, "auditkit: interrupted, run again to go on.\n"), (exitCode, errors));
        Assert.False(File.Exists(Path.Combine(audit.Folder, "compared", "report.pdf")));
    }

    [Fact]
    public void A_second_signal_ends_at_once()
    {
        RequireHeard("INT");
        using var audit = new SmallAudit(4000);
        using Process process = CommandLine.Start(audit.Folder, "run", "audit.yaml", "--out", "run");
        Await(process, () => Size(audit, "run") > 200_000);
        for (int signals = 0; signals < 200 && !process.HasExited; signals++)
        {
            Kill(process, "INT");
        }

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(5)));
        Assert.Equal(SigInt, process.ExitCode);
    }

    private static void WriteRecipe(SmallAudit audit) => File.WriteAllText(Path.Combine(audit.Folder, "recipe.yaml"), """
        name: small
        model: { path: model.onnx, mean: [0.5], std: [0.5] }
        data: { format: idx, path: data, split: test, classes: [dark, bright] }
        test: { format: idx, path: data, split: test, classes: [dark, bright] }
        seed: 1
        epochs: 400
        batch: 20
        optimiser: { name: sgd, rate: 0.01 }
        """);

    // A shell without job control lets what it runs in the background ignore Ctrl-C, and programs hand that on to their own.
    private static void RequireHeard(string signal)
    {
        const string Status = "/proc/self/status", Ignored = "SigIgn:";
        const long IntBit = 1 << (2 - 1);
        bool isIgnored = signal == "INT" && File.Exists(Status) && File.ReadLines(Status).Any(line => line.StartsWith(Ignored, StringComparison.Ordinal)
            && (Convert.ToInt64(line[Ignored.Length..].Trim(), 16) & IntBit) != 0);
        Assert.SkipWhen(isIgnored, "SIGINT is ignored where the tests were started: in the background of a shell. Start them in the foreground.");
    }

    private static (int ExitCode, string Errors) Interrupt(string folder, string signal, Func<bool> isTime, params string[] arguments)
    {
        RequireHeard(signal);
        using Process process = CommandLine.Start(folder, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Await(process, isTime);
        Assert.False(process.HasExited, $"over before it could be interrupted: {(process.HasExited ? output.Result + errors.Result : "")}");
        Kill(process, signal);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), "it goes on");
        process.WaitForExit();
        return (process.ExitCode, errors.Result);
    }

    private static void Await(Process process, Func<bool> isTime)
    {
        while (!process.HasExited && !isTime())
        {
            Thread.Sleep(1);
        }
    }

    // The shell's own: a small system has no program of that name.
    private static void Kill(Process process, string signal)
    {
        using Process kill = Process.Start(new ProcessStartInfo("bash", ["-c", $"kill -{signal} {process.Id}"]) { RedirectStandardError = true })!;
        kill.WaitForExit();
    }

    private static long Size(SmallAudit audit, string folder)
    {
        var run = new DirectoryInfo(Path.Combine(audit.Folder, folder));
        return run.Exists ? run.EnumerateFiles("evidence.sqlite*").Sum(file => file.Length) : 0;
    }
}
