using AuditKit.Checks.Tta;
using AuditKit.Models;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Tests;
using AuditKit.Training;

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
    [InlineData(PolicyCriterion.CalibratedLogLikelihood)]
    [InlineData(PolicyCriterion.Accuracy)]
    public void A_search_that_can_choose_the_image_as_it_is_alone_gains_nothing(PolicyCriterion criterion)
    {
        using var audit = new SmallAudit(images: 30);
        var options = new AuditOptions { Folder = Path.Combine(audit.Folder, "search"), Threads = 1 };
        FoundPolicy found = PolicySearch.Run(
            AuditSpec.Load(Path.Combine(audit.Folder, "audit.yaml"), []), new ModelFiles(Device.Cpu, 1), options, [SubPolicy.Pool(1, 1, 1, 1)[0]], 1, criterion,
            (_, _, _) => { }, CancellationToken.None);
        Assert.Equal(Assert.Single(found.Scores), found.Without);
    }

    [Fact]
    public void Predictions_that_memory_does_not_hold_are_refused_before_the_first()
    {
        using var audit = new SmallAudit(images: 30);
        var options = new AuditOptions { Folder = Path.Combine(audit.Folder, "search"), Threads = 1 };
        // A list of so many times the same sub-policy, which takes no memory itself.
        IReadOnlyList<SubPolicy> pool = new Repeated(SubPolicy.Pool(1, 1, 1, 1)[0]);
        var error = Assert.Throws<AuditException>(() => PolicySearch.Run(
            AuditSpec.Load(Path.Combine(audit.Folder, "audit.yaml"), []), new ModelFiles(Device.Cpu, 1), options, pool, 1, PolicyCriterion.Accuracy,
            (_, _, _) => { }, CancellationToken.None));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("GB of memory", error.Message);
        Assert.Contains("--pool", error.Message);
    }

    [Fact]
    public void A_folder_for_the_policys_file_is_refused_before_anything_is_searched()
    {
        using var audit = new SmallAudit(images: 4);
        Directory.CreateDirectory(Path.Combine(audit.Folder, "policies"));
        (ExitCode exitCode, string output) = CommandLine.Run(audit.Folder, ["tta", "search", "audit.yaml", "--out", "policies"]);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("policies is a folder", output);
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "policies.search")));
    }

    [Fact]
    public void No_example_searches_a_policy_on_images_that_the_model_was_trained_on()
    {
        string help = CommandLine.Run(".", ["--help"]).Output;
        string[] pages = [help, .. Directory.GetFiles(Repository.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Repository.Root, "audits"), "*"))
            .Select(File.ReadAllText)];
        string[] examples = [.. pages.SelectMany(page => page.Split('\n')).Where(line => line.Contains("tta search", StringComparison.Ordinal))];
        Assert.Contains(examples, line => line.Contains("--out", StringComparison.Ordinal));
        Assert.DoesNotContain(examples, line => line.Contains("split=train", StringComparison.Ordinal));
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

    private sealed class Repeated(SubPolicy subPolicy) : IReadOnlyList<SubPolicy>
    {
        public int Count => int.MaxValue;

        public SubPolicy this[int index] => subPolicy;

        public IEnumerator<SubPolicy> GetEnumerator() => Enumerable.Repeat(subPolicy, Count).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
