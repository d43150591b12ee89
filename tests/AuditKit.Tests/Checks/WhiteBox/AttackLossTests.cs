using AuditKit.Checks.WhiteBox;

namespace AuditKit.Tests.Checks.WhiteBox;

public sealed class AttackLossTests
{
    private static readonly float[] Logits = [1.5f, -0.25f, 3.75f, 2.25f, -4f];

    public static TheoryData<string, int> Cases => new() { { "ce", 0 }, { "ce", 2 }, { "dlr", 0 }, { "dlr", 1 }, { "dlr", 2 }, { "dlr", 3 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_equal_finite_differences(string name, int label)
    {
        AttackLoss loss = Loss(name);
        double[] gradient = new double[Logits.Length];
        loss.Gradient(Logits, label, gradient);
        for (int k = 0; k < Logits.Length; k++)
        {
            const float Step = 1f / 64;
            double difference = (Moved(k, Step) - Moved(k, -Step)) / (2 * Step);
            Assert.Equal(difference, gradient[k], 1e-4);
        }

        double Moved(int k, float step)
        {
            float[] moved = [.. Logits];
            moved[k] += step;
            return loss.Value(moved, label);
        }
    }

    [Fact]
    public void Values_are_those_of_the_formulas()
    {
        double p = Math.Exp(1.5) / Logits.Sum(z => Math.Exp(z));
        Assert.Equal(-Math.Log(p), AttackLoss.CrossEntropy.Value(Logits, 0), 1e-12);
        // Right: −(3.75 − 2.25) / (3.75 − 1.5); wrong: −(1.5 − 3.75) / (3.75 − 1.5).
        Assert.Equal(-1.5 / 2.25, AttackLoss.LogitsRatio.Value(Logits, 2), 1e-9);
        Assert.Equal(1, AttackLoss.LogitsRatio.Value(Logits, 0), 1e-9);
    }

    [Theory]
    [InlineData(2f)]
    [InlineData(1000f)]
    public void The_ratio_does_not_change_with_the_scale_of_the_logits(float scale)
        => Assert.Equal(AttackLoss.LogitsRatio.Value(Logits, 2), AttackLoss.LogitsRatio.Value([.. Logits.Select(z => z * scale)], 2), 1e-9);

    [Fact]
    public void A_cross_entropy_far_below_what_a_float_can_tell_from_zero_still_has_a_value_and_a_direction()
    {
        float[] sure = [200, 0, 100];
        double[] gradient = new double[3];
        AttackLoss.CrossEntropy.Gradient(sure, 0, gradient);
        Assert.Equal(Math.Exp(-100), AttackLoss.CrossEntropy.Value(sure, 0), 1e-50);
        Assert.Equal(Math.Exp(-100), gradient[2], 1e-50);
        Assert.Equal(0, gradient.Sum(), 1e-60);
    }

    [Fact]
    public void With_two_classes_the_ratio_is_the_difference()
    {
        double[] gradient = new double[2];
        AttackLoss.LogitsRatio.Gradient([3f, 1f], 0, gradient);
        Assert.Equal([-1, 1], gradient);
        Assert.Equal(-2, AttackLoss.LogitsRatio.Value([3f, 1f], 0));
    }

    private static AttackLoss Loss(string name) => name == "ce" ? AttackLoss.CrossEntropy : AttackLoss.LogitsRatio;
}
