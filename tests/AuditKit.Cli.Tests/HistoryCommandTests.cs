namespace AuditKit.Cli.Tests;

public sealed class HistoryCommandTests
{
    [Fact]
    public void Gates_are_followed_over_runs_and_what_is_no_run_is_named_and_left_out()
    {
        using var audit = new SmallAudit(100);
        audit.WriteSpec("accuracy: { min: 0.9 }");
        audit.Run();
        CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", "later", "--set", "checks.accuracy.min=0.9999");

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "history", "later", "run", "data", "--out", "pages/history.html");

        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("skipped: data holds no finished run", output);
        // In order of time, not as they were named.
        Assert.Matches(@"(?s)\| 1 .*\| run .*\| 2 .*\| later ", output);
        Assert.Matches(@"accuracy/accuracy +\| \S+ % pass +\| \S+ % (fail|inconclusive)", output.Replace('\u00a0', ' '));
        Assert.Contains("accuracy/accuracy", File.ReadAllText(Path.Combine(audit.Folder, "pages", "history.html")));
    }

    [Fact]
    public void Where_no_folder_holds_a_run_the_command_was_wrong()
    {
        using var audit = new SmallAudit(10);
        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "history", "data", "nowhere");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("None of the folders holds a finished run", output);
    }
}
