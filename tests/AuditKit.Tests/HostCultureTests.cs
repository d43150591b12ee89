using AuditKit.Checks.SimBa;
using AuditKit.Checks.Tta;
using AuditKit.Checks.WhiteBox;
using AuditKit.Data;
using AuditKit.Imaging.Augmentations;
using AuditKit.Imaging.Corruptions;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Tests.Checks;
using AuditKit.Yaml;

namespace AuditKit.Tests;

/// <summary>Names, keys of draws and digests in a host whose culture writes 2.5 as 2,5.</summary>
public sealed class HostCultureTests
{
    [Fact]
    public void Tests_run_in_such_a_culture()
    {
        double number = -1234.5;
        Assert.Equal("\u22121234,5 \u22121.234,50", $"{number} {number:N2}");
        Assert.Equal("-1234.5", HostCulture.Invariantly(() => $"{number}"));
    }

    [Fact]
    public void Names_have_a_decimal_point()
    {
        Assert.Equal("randaugment-3-2.5", new RandAugment(seed: 1, operators: 3, magnitude: 2.5).Name);
        Assert.Equal("batch-norm-0.5", new BatchNormAdaptation(0.5).Name);
        Assert.Equal("tent-sgd-0.001", new TentAdaptation(TentOptimiser.Sgd, 0.001).Name);
        Assert.Equal("rotate -12.5", new PolicyStep(Augmentation.All["rotate"], -12.5).ToString());
        Assert.Equal("Portion { From = 0.25, To = 1, Seed = 3 }", new Portion(0.25, 1, 3).ToString());
        Assert.Equal("SpuriousBackground { Correlation = 0.95, Seed = 3, Masked = False }", new SpuriousBackground(0.95, 3, false).ToString());
        Assert.Equal(["contrast 1/2 (low: ≤ 0.250)", "contrast 2/2 (high: > 0.250)"], QuantileCut.Of("contrast", [-0.5, 0.25, 0.5, 2000.5], 2).Names);
        Assert.Equal("[0.5, -1]", ((AttributeValue)new[] { 0.5f, -1 }).ToString());
        Assert.Equal("0.5", ((AttributeValue)0.5f).ToString());
    }

    [Fact]
    public void Draws_and_digests_are_those_of_the_invariant_culture()
    {
        Alike(() => CounterRandom.For(-1, "draws", 0).NextUInt32());
        Alike(() => new RandAugment(seed: 1, operators: 3, magnitude: 2.5).Sample(0).ToString());
        Alike(() => new SimBaOptions { Epsilon = 0.25, MaxL2 = 1.5 }.Condition.Digest);
        WhiteBoxOptions whiteBox = TestPlan.Options<WhiteBoxOptions>(WhiteBoxOptions.Check, "linf: { epsilon: [0.25, 1/3] }");
        Alike(() => whiteBox.Condition(whiteBox.Budgets[1]).Digest);
        var data = DataSpec.Parse(
            SpecMap.Parse("spec.yaml", "{ path: set, portion: { to: 0.5 }, spurious-background: { correlation: 0.9, seed: 1 } }"), "/");
        Alike(data.Changes);
        var model = new ModelSpec { Path = "model.onnx", Mean = [0.5], Std = [0.25], Resize = 256 };
        Alike(() => string.Join('\n', model.Preprocessing));
        Assert.All(CorruptionCatalog.Kinds, kind => Alike(() => kind.Make(3, FrostTexture.Default).Description));

        static void Alike<T>(Func<T> value) => Assert.Equal(HostCulture.Invariantly(value), value());
    }
}
