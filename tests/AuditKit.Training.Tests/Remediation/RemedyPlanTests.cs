using AuditKit.Checks;
using AuditKit.Checks.Stability;
using AuditKit.Checks.Subgroups;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Training.Loop;
using AuditKit.Training.Remediation;
using AuditKit.Training.Tests.Loop;

namespace AuditKit.Training.Tests.Remediation;

public sealed class RemedyPlanTests
{
    [Theory]
    [InlineData("stability", "flip rate", "jpeg-20", "stability training", "distortion: [\"jpeg-20\"]")]
    [InlineData("simba", "success rate", "100", "frame", "name: frame")]
    [InlineData("corruptions", "mean corruption error", "", "frame", "name: frame")]
    [InlineData("calibration", "ECE", "", "temperature", "")]
    [InlineData("subgroups", "worst-group accuracy", "class", "group DRO", "name: gdro")]
    public void Each_weakness_has_its_method(string check, string metric, string subject, string method, string block)
    {
        RemedyPlan plan = Plan(Counts(100, 100), Failed(check, metric, subject))!;

        Assert.Contains(method, plan.Method);
        Assert.Contains(block, plan.Block?.ToYaml() ?? "");
        Assert.Equal(block.Length == 0, plan.IsTemperature);
    }

    [Fact]
    public void Groups_by_an_attribute_take_group_DRO_where_all_are_large_and_hide_the_attribute_where_one_is_small()
    {
        Finding failed = Failed("subgroups", "worst-group accuracy", "class x side");

        RemedyPlan large = Plan(Counts(50, 500, 60, 70), failed)!;
        RemedyPlan small = Plan(Counts(500, 49, 60, 70), failed)!;

        Assert.Equal(("side", "side"), (large.Attribute, small.Attribute));
        Assert.Contains("gdro", large.Block!.ToYaml());
        Assert.Contains("aairm", small.Block!.ToYaml());
        Assert.Contains("49 images", small.Reason);
        Assert.Contains("clamp", Plan(onGpu: true, Counts(200, 500, 200, 300), failed)!.Block!.ToYaml());
        Assert.Contains("gdro", Plan(onGpu: true, Counts(199, 500, 200, 300), failed)!.Block!.ToYaml());
    }

    [Fact]
    public void The_weakness_with_most_failed_findings_goes_first_and_the_others_are_left()
    {
        Finding ece = Failed("calibration", "ECE", "");
        Finding[] flips = [Failed("stability", "flip rate", "jpeg-20"), Failed("stability", "flip rate", "thumb-196")];

        RemedyPlan plan = Plan(Counts(100, 100), [ece, .. flips])!;

        Assert.Equal(flips, plan.Addressed);
        Assert.Equal([ece], plan.Left);
    }

    [Fact]
    public void What_is_inconclusive_beside_a_failure_is_addressed_with_it()
    {
        Finding jpeg = Failed("stability", "flip rate", "jpeg-20");
        Finding crop = Failed("stability", "flip rate", "crop-2") with { Outcome = GateOutcome.Inconclusive };

        RemedyPlan plan = Plan(Counts(100, 100), jpeg, crop)!;

        Assert.Equal([jpeg, crop], plan.Addressed);
        Assert.Contains("[\"jpeg-20\", \"crop-2\"]", plan.Block!.ToYaml());
    }

    [Fact]
    public void What_passed_or_is_inconclusive_asks_for_nothing()
        => Assert.Null(Plan(Counts(100, 100), Failed("stability", "flip rate", "jpeg-20") with { Outcome = GateOutcome.Inconclusive }));

    [Fact]
    public void Low_accuracy_alone_is_said_to_be_beyond_these_methods()
    {
        AuditException error = Assert.Throws<AuditException>(() => Plan(Counts(100, 100), Failed("accuracy", "accuracy", "")));
        Assert.Contains("accuracy/accuracy", error.Message);
    }

    private static readonly IReadOnlyList<PlannedCheck> s_checks =
    [
        new SubgroupsOptions { By = new("class", "class x side") }.Bind(["side"]),
        new StabilityOptions { Perturbations = [.. new[] { "jpeg-20", "crop-2", "thumb-196" }.Select(PerturbationCatalog.Parse)] }.Bind([]),
    ];

    private static RemedyPlan? Plan(IReadOnlyList<int> counts, params Finding[] findings) => Plan(onGpu: false, counts, findings);

    private static RemedyPlan? Plan(bool onGpu, IReadOnlyList<int> counts, params Finding[] findings)
    {
        using var data = new StripesDataset(64, seed: 1);
        return RemedyPlan.For(findings, s_checks, () => data.Attributes, attribute => (GroupTable.Of(data, attribute), counts), onGpu);
    }

    private static int[] Counts(params int[] counts) => counts;

    private static Finding Failed(string check, string metric, string subject) => new()
    {
        Check = check,
        Metric = metric,
        Subject = subject,
        Estimate = 0.5,
        Count = 100,
        Threshold = new Threshold(ThresholdKind.AtMost, 0.1, "checks"),
        Outcome = GateOutcome.Fail,
    };
}
