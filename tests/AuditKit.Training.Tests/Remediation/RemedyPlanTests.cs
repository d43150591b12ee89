using AuditKit.Checks;
using AuditKit.Checks.Stability;
using AuditKit.Checks.Subgroups;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Training.Remediation;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;

namespace AuditKit.Training.Tests.Remediation;

public sealed class RemedyPlanTests
{
    [Theory]
    [InlineData("stability", "flip rate", "jpeg-20", "stability stability stability")]
    [InlineData("near-duplicates", "average precision", "jpeg-20", "stability stability stability")]
    [InlineData("simba", "success rate", "100", "adversarial adversarial adversarial")]
    [InlineData("white-box", "robust accuracy", "linf 1/255", "adversarial adversarial adversarial")]
    [InlineData("corruptions", "mean corruption error", "", "augmix augmix augmix stability")]
    [InlineData("domain-shift", "accuracy", "fog", "augmix augmix augmix stability")]
    [InlineData("subgroups", "worst-group accuracy", "class", "dfr afr jtt jtt gdro gdro gdro gdro")]
    [InlineData("subgroups", "hard-group accuracy", "class = vertical x side = rare", "dfr afr jtt jtt gdro gdro gdro gdro aairm aairm aairm")]
    [InlineData("calibration", "ECE", "", "")]
    public void Each_weakness_has_its_methods(string check, string metric, string subject, string methods)
    {
        RemedyPlan plan = Plan(Failed(check, metric, subject))!;

        Assert.Equal(methods, string.Join(' ', plan.Candidates.Select(candidate => candidate.Block.Text("name"))));
        Assert.Equal(methods.Length == 0, plan.IsTemperature);
        Assert.Equal(plan.Candidates.Count, plan.Candidates.Select(candidate => candidate.ToString()).Distinct().Count());
    }

    [Fact]
    public void Every_candidate_is_a_method_that_recipes_know()
    {
        RemedySituation gpu = new("side", (500, "class = vertical x side = rare"), HasEmbedding: true, IsOnGpu: true, IsDataNamed: true);
        RemedyCandidate[] all =
        [
            .. Enum.GetValues<Weakness>().SelectMany(weakness => RemedyCandidates.For(weakness, ["jpeg-20"], ["crop-2"], gpu).Candidates),
        ];
        Assert.Contains(all, candidate => candidate.Block.Text("name") == "clamp");
        Assert.All(all, candidate =>
        {
            SpecMap map = SpecMap.Parse("recipe.yaml", "{}");
            map.Set("method", SpecMap.Parse("method", candidate.Block.ToYaml()));
            Assert.NotNull(MethodCatalog.Key.Read(map));
        });
    }

    [Fact]
    public void Decisions_that_change_and_embeddings_that_move_are_each_trained_to_stay()
    {
        Finding flips = Failed("stability", "flip rate", "jpeg-20"), moves = Failed("near-duplicates", "average precision", "crop-2");

        Assert.Equal(["classification"], Tasks(flips));
        Assert.Equal(["embedding"], Tasks(moves));
        Assert.Equal(["classification", "embedding"], Tasks(moves, flips));
        Assert.All(Plan(flips, moves)!.Candidates, candidate =>
        {
            (string own, string other) = TaskOf(candidate) == "embedding" ? ("crop-2", "jpeg-20") : ("jpeg-20", "crop-2");
            Assert.Contains(own, candidate.Block.ToYaml(), StringComparison.Ordinal);
            Assert.DoesNotContain(other, candidate.Block.ToYaml(), StringComparison.Ordinal);
        });

        Assert.Contains("an image's copy is not found", Plan(moves)!.Reason, StringComparison.Ordinal);
        Assert.Contains("Predictions flip", Plan(moves, flips)!.Reason, StringComparison.Ordinal);

        static string[] Tasks(params Finding[] failed) => [.. Plan(failed)!.Candidates.Select(TaskOf).Distinct()];

        static string TaskOf(RemedyCandidate candidate) => candidate.Block.OptionalText("task") ?? "classification";
    }

    [Theory]
    [InlineData(21, true, false, "dfr afr gdro", "there are only 21 images of rare")]
    [InlineData(61, true, false, "gdro", "there are only 61 images of rare")]
    [InlineData(100, false, false, "dfr afr aairm", "no fully connected last layer")]
    [InlineData(249, true, true, "clamp", "there are only 249 images of rare")]
    [InlineData(250, true, false, "clamp", "--device cuda")]
    public void What_cannot_be_used_is_left_out_and_said(int smallest, bool hasEmbedding, bool onGpu, string methods, string why)
    {
        RemedyPlan plan = Plan(
            new RemedySituation("side", (smallest, "rare"), hasEmbedding, onGpu, IsDataNamed: true), Failed("subgroups", "worst-group accuracy", "class x side"))!;

        Assert.Empty(plan.Candidates.Select(candidate => candidate.Block.Text("name")).Intersect(methods.Split(' ')));
        Assert.Contains(plan.Excluded, reason => reason.Contains(why, StringComparison.Ordinal));
        Assert.Equal("side", plan.Attribute);
    }

    [Fact]
    public void Where_every_method_is_left_out_none_is_proposed_and_each_reason_is_said()
    {
        var error = Assert.Throws<AuditException>(() => Plan(
            new RemedySituation(null, (10, "class = rare"), HasEmbedding: true, IsOnGpu: false, IsDataNamed: false),
            Failed("subgroups", "worst-group accuracy", "class x side")));
        Assert.Equal(
            6, RemedyCandidates.For(Weakness.WorstGroup, [], [], new(null, (10, "class = rare"), true, false, false)).Excluded.Count(
                reason => error.Message.Contains(reason, StringComparison.Ordinal)));
    }

    [Fact]
    public void Losses_of_groups_ask_for_images_in_every_group()
    {
        RemedyPlan plan = Plan(
            new RemedySituation("side", (300, "rare"), HasEmbedding: true, IsOnGpu: true, IsDataNamed: true) { EmptyGroup = "class = flat x side = rare" },
            Failed("subgroups", "worst-group accuracy", "class x side"))!;
        Assert.Empty(plan.Candidates.Select(candidate => candidate.Block.Text("name")).Intersect(["gdro", "clamp"]));
        Assert.Equal(2, plan.Excluded.Count(reason => reason.Contains("no image of class = flat x side = rare", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{ name: gdro }", 4)]
    [InlineData("{ name: gdro, adjustment: 2 }", 1)]
    [InlineData("{ name: dfr }", 1)]
    [InlineData("{ name: erm }", 1)]
    public void A_method_that_is_asked_for_by_its_name_alone_is_tried_with_its_settings(string block, int settings)
    {
        var chosen = new RemedyCandidate("chosen", block);
        RemedyPlan plan = RemedyPlan.For(
            [Failed("subgroups", "worst-group accuracy", "class x side")], s_checks,
            _ => new RemedySituation("side", (300, "rare"), HasEmbedding: true, IsOnGpu: false, IsDataNamed: true), chosen)!;
        Assert.Equal(settings, plan.Candidates.Count);
        Assert.All(plan.Candidates, candidate => Assert.Equal(chosen.Block.Text("name"), candidate.Block.Text("name")));
        Assert.Contains("The spec asks for this method.", plan.Reason);
        Assert.All(plan.Candidates, candidate => Assert.Equal(candidate.Block.Text("name") == "dfr" ? 0.9 : 0.1, candidate.Validation));
    }

    [Fact]
    public void What_the_spec_says_of_the_optimiser_is_what_is_tried_and_told()
    {
        RemedySpec remedy = new() { Data = SpecMap.Parse("data", "{}"), NamesData = true, Epochs = 1, Batch = 2, Rate = 0.25, Train = "all", WeightDecay = 0.125 };
        RemedyCandidate[] candidates =
        [
            .. Plan(Failed("subgroups", "hard-group accuracy", "class = vertical x side = rare"))!.Candidates.Select(candidate => candidate.With(remedy)),
        ];
        Assert.All(candidates, candidate => Assert.True(candidate.IsLastLayer || candidate.ToString().EndsWith("rate 0.25, weight decay 0.125", StringComparison.Ordinal)));
        // Of what differed by weight decay alone one is left.
        Assert.Equal(candidates.Length - 2, candidates.Select(candidate => candidate.ToString()).Distinct().Count());
    }

    [Fact]
    public void What_changes_the_embedding_is_left_out_where_the_last_layer_alone_is_trained()
    {
        RemedyPlan plan = Plan(
            new RemedySituation("side", (300, "rare"), HasEmbedding: true, IsOnGpu: false, IsDataNamed: true, TrainsEncoder: false),
            Failed("subgroups", "worst-group accuracy", "class x side"))!;
        Assert.DoesNotContain(plan.Candidates, candidate => candidate.Block.Text("name") == "aairm");
        Assert.Contains(plan.Excluded, reason => reason.Contains("remedy.train", StringComparison.Ordinal));
    }

    [Fact]
    public void A_last_layer_is_fitted_to_as_many_images_as_the_smallest_group_can_give()
    {
        Assert.All([22, 30, 45, 5000], smallest =>
        {
            RemedyPlan plan = Plan(
                new RemedySituation("side", (smallest, "rare"), HasEmbedding: true, IsOnGpu: false, IsDataNamed: true),
                Failed("subgroups", "worst-group accuracy", "class x side"))!;
            RemedyCandidate dfr = plan.Candidates.Single(Is("dfr")), afr = plan.Candidates.Single(Is("afr"));
            Assert.True(dfr.IsLastLayer && afr.IsLastLayer);
            // DFR learns from what is held out, AFR from the rest; a fifth is kept back to compare candidates on before.
            Assert.Equal(0.9, dfr.Validation);
            Assert.InRange(afr.Validation, 0.2, 0.5);
            Assert.True((smallest - Math.Round(0.2 * smallest)) * afr.Validation >= 9 - 1e-9);
        });

        static Func<RemedyCandidate, bool> Is(string method) => candidate => candidate.Block.Text("name") == method;
    }

    [Fact]
    public void Weight_decay_is_strong_where_it_is_a_part_of_the_method()
        => Assert.All(
            Plan(Failed("subgroups", "worst-group accuracy", "class"))!.Candidates.Where(candidate => candidate.Block.Text("name") == "gdro"),
            candidate => Assert.InRange(candidate.WeightDecay, 0.01, 1));

    [Fact]
    public void The_weakness_with_most_failed_findings_goes_first_and_the_others_are_left()
    {
        Finding ece = Failed("calibration", "ECE", ""), condition = Failed("weights", "condition number", "fc");
        Finding[] flips = [Failed("stability", "flip rate", "jpeg-20"), Failed("stability", "flip rate", "thumb-196")];

        RemedyPlan plan = Plan([ece, condition, condition with { Subject = "stem" }, condition with { Subject = "conv" }, .. flips])!;

        Assert.Equal(flips, plan.Addressed);
        Assert.Equal(4, plan.Left.Count);
    }

    [Fact]
    public void What_is_inconclusive_beside_a_failure_is_addressed_with_it()
    {
        Finding jpeg = Failed("stability", "flip rate", "jpeg-20");
        Finding crop = Failed("stability", "flip rate", "crop-2") with { Outcome = GateOutcome.Inconclusive };

        RemedyPlan plan = Plan(jpeg, crop)!;

        Assert.Equal([jpeg, crop], plan.Addressed);
        Assert.All(plan.Candidates, candidate => Assert.Contains("[\"jpeg-20\", \"crop-2\"]", candidate.Block.ToYaml()));
    }

    [Theory]
    [InlineData("class = vertical x side = rare", true)]
    [InlineData("side = rare x class = vertical", false)]
    [InlineData("class = vertical x brightness 1/3 (low: ≤ 0.2)", false)]
    public void A_hard_group_chooses_epochs_where_the_training_data_has_it(string group, bool isKnown)
    {
        RemedyPlan plan = RemedyPlan.For([Failed("subgroups", "hard-group accuracy", group)], s_checks, _ => new RemedySituation(
            "side", (100, "rare"), HasEmbedding: true, IsOnGpu: false, IsDataNamed: true)
        { Groups = ["class = vertical x side = rare", "class = flat x side = rare"] })!;
        Assert.Equal(isKnown ? group : null, plan.HardGroup);
        Assert.Equal(!isKnown, plan.Reason.Contains($"The group '{group}' is none of those", StringComparison.Ordinal));
    }

    [Fact]
    public void What_passed_or_is_inconclusive_asks_for_nothing()
        => Assert.Null(Plan(Failed("stability", "flip rate", "jpeg-20") with { Outcome = GateOutcome.Inconclusive }));

    [Theory]
    [InlineData("accuracy", "Low accuracy by itself")]
    [InlineData("weights", "start: orthogonal")]
    public void What_is_out_of_reach_is_said_to_be(string check, string message)
        => Assert.Contains(message, Assert.Throws<AuditException>(() => Plan(Failed(check, "figure", ""))).Message);

    [Theory]
    [InlineData("class x age/3", "class = vertical x age 1/3 [20, 40]")]
    [InlineData("class x brightness/3", "class = vertical x brightness 1/3 [0.1, 0.4]")]
    public void Slices_of_a_number_are_no_groups_to_train_by(string grouping, string group)
    {
        foreach ((string metric, string subject) in new[] { ("worst-group accuracy", grouping), ("accuracy", group) })
        {
            RemedyPlan plan = RemedyPlan.For(
                [Failed("subgroups", metric, subject)], [new SubgroupsOptions { By = new(grouping) }.Bind(["age"])], failing =>
                {
                    Assert.Empty(failing);
                    return new RemedySituation(null, (100, "rare"), HasEmbedding: true, IsOnGpu: false, IsDataNamed: true);
                })!;
            Assert.Null(plan.Attribute);
            Assert.DoesNotContain(plan.Candidates, candidate => candidate.Block.Text("name") == "aairm");
            Assert.Equal(metric != "accuracy", plan.Reason.Contains($"Slices of a number ({grouping[8..]}) are no groups", StringComparison.Ordinal));
        }
    }

    private static readonly IReadOnlyList<PlannedCheck> s_checks =
    [
        new SubgroupsOptions { By = new("class", "class x side") }.Bind(["side"]),
        new StabilityOptions { Perturbations = [.. new[] { "jpeg-20", "crop-2", "thumb-196" }.Select(PerturbationCatalog.Parse)] }.Bind([]),
    ];

    private static RemedyPlan? Plan(params Finding[] findings) => RemedyPlan.For(
        findings, s_checks, failing => new RemedySituation(failing.Contains("side") ? "side" : null, (100, "rare"), HasEmbedding: true, IsOnGpu: false, IsDataNamed: true));

    private static RemedyPlan? Plan(RemedySituation situation, params Finding[] findings) => RemedyPlan.For(findings, s_checks, failing =>
    {
        Assert.Equal(["side"], failing);
        return situation;
    });

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
