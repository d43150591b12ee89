using AuditKit.Checks;
using AuditKit.Checks.Accuracy;
using AuditKit.Checks.DomainShift;
using AuditKit.Checks.SimBa;
using AuditKit.Checks.Stability;
using AuditKit.Checks.Subgroups;
using AuditKit.Checks.Tta;
using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Specs;

namespace AuditKit.Tests.Specs;

/// <summary>What is built in code is held to the same bounds as what is read from a spec.</summary>
public sealed class AuditPlanTests
{
    public static TheoryData<string, Action> Invalid => new()
    {
        { "no images", () => _ = new SimBaOptions { Images = 0 } },
        { "a step beyond the range of pixels", () => _ = new SimBaOptions { Epsilon = 2 } },
        { "a step that is no number", () => _ = new SimBaOptions { Epsilon = double.NaN } },
        { "a limit that is no proportion", () => _ = new AccuracyOptions { Min = new Threshold(ThresholdKind.AtLeast, 1.5, "min") } },
        { "a limit of the other kind", () => _ = new AccuracyOptions { Min = new Threshold(ThresholdKind.AtMost, 0.5, "min") } },
        { "no perturbation", () => _ = new StabilityOptions { Perturbations = [] } },
        { "no grouping", () => _ = new SubgroupsOptions { By = new() } },
        { "a limit for no hard group", () => new SubgroupsOptions { By = new("class"), MinHard = new(ThresholdKind.AtLeast, 0.5, "min-hard") }.Bind([]) },
        { "shares of no grouping", () => new SubgroupsOptions { By = new("class"), TrainShares = new Dictionary<string, IReadOnlyDictionary<string, double>>
            { ["place"] = new Dictionary<string, double> { ["place = sea"] = 1 } } }.Bind(["place"]) },
        { "no shifted set", () => _ = new DomainShiftOptions { Sets = [] } },
        { "a shifted set twice", () => _ = new DomainShiftOptions { Sets = [new("a", DataSpec.At("a")), new("a", DataSpec.At("b"))] } },
        { "a limit for no groups", () => new DomainShiftOptions { Sets = [new("a", DataSpec.At("a"))], MinWorst = new(ThresholdKind.AtLeast, 0.5, "min-worst") }
            .Bind([]) },
        { "no number of samples", () => _ = new TtaOptions { Samples = [] } },
        { "samples that descend", () => _ = new TtaOptions { Samples = [4, 2] } },
        { "no sample", () => _ = new TtaOptions { Metta = [0] } },
        { "mean embeddings without a probe", () => new TtaOptions { Metta = [10] }.Bind([]) },
        { "a probe for nothing", () => new TtaOptions { Probe = DataSpec.At("data") }.Bind([]) },
        { "no check", () => _ = Plan() },
        { "a check twice", () => _ = Plan(new AccuracyOptions(), new AccuracyOptions()) },
        { "a negative seed", () => _ = Plan(new AccuracyOptions()) with { Seed = -1 } },
        { "certainty", () => _ = Plan(new AccuracyOptions()) with { Confidence = 1 } },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Values_out_of_bounds_are_refused_in_code(string what, Action build)
        => Assert.True(Record.Exception(build) is ArgumentException, what);

    [Fact]
    public void A_misspelt_option_is_refused_before_model_and_data_are_looked_for()
    {
        string folder = Directory.CreateTempSubdirectory("auditkit-spec-").FullName;
        try
        {
            string file = Path.Combine(folder, "audit.yaml");
            File.WriteAllText(file, "name: x\nseed: 1\nmodel: { path: none.onnx }\ndata: { path: none }\nchecks:\n  simba: { imags: 3 }\n");
            AuditException e = Assert.Throws<AuditException>(() => AuditSpec.Load(file, []));
            Assert.Contains(":6:12:", e.Message);
            Assert.Contains("Did you mean 'images'?", e.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static AuditPlan Plan(params ICheckOptions[] checks) => new()
    {
        Name = "plan",
        Seed = 1,
        Model = new ModelSpec { Path = "model.onnx" },
        Data = DataSpec.At("data"),
        Checks = checks,
    };
}
