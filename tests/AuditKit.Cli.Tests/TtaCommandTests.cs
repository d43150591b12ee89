namespace AuditKit.Cli.Tests;

public sealed class TtaCommandTests
{
    [Fact]
    public void A_policy_is_searched_once_and_read_by_an_audit()
    {
        using var audit = new SmallAudit(images: 60);
        string[] search = ["tta", "search", "audit.yaml", "--out", "policy.json", "--length", "3", "--pool", "4", "--set", "data.limit=30"];
        (ExitCode exitCode, string output) = CommandLine.Run(audit.Folder, search);
        Assert.Equal(ExitCode.Pass, exitCode);
        Assert.Contains("Policy:  policy.json", output);
        byte[] policy = File.ReadAllBytes(Path.Combine(audit.Folder, "policy.json"));

        // From what the first search kept, the second finds the same.
        CommandLine.Run(audit.Folder, search);
        Assert.Equal(policy, File.ReadAllBytes(Path.Combine(audit.Folder, "policy.json")));

        audit.WriteSpec("tta: { variants: [], samples: [1], policies: [policy.json], min-accuracy: 0.8 }");
        (exitCode, output) = audit.Run();
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("policy.json was searched on 30 of the 60 audited images", output);
        (exitCode, output) = audit.Run("--set", "data.skip=30");
        Assert.Equal(ExitCode.Pass, exitCode);
        Assert.Contains("tta/accuracy", output);
    }

    [Theory]
    [InlineData("--length must be a whole number between 1 and 100", "--length", "0")]
    [InlineData("calibrated-log-likelihood", "--criterion", "beauty")]
    public void Arguments_that_make_no_sense_are_refused(string message, params string[] arguments)
    {
        using var audit = new SmallAudit(images: 4);
        (ExitCode exitCode, string output) = CommandLine.Run(audit.Folder, ["tta", "search", "audit.yaml", "--out", "policy.json", .. arguments]);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains(message, output);
        Assert.False(File.Exists(Path.Combine(audit.Folder, "policy.json")));
    }
}
