using AuditKit.Training.Remedies.Clamp;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Clamp;

public sealed class ConsistencyTests
{
    [Fact]
    public void It_equals_loops_over_images_and_classes()
    {
        using DisposeScope scope = NewDisposeScope();
        (double[][] x, double[][] x1, double[][] x2) = (Rows(0), Rows(1), Rows(2));
        double expected = 0;
        for (int i = 0; i < 5; i++)
        {
            (double[] p, double[] p1, double[] p2) = (TinyTask.Probabilities(x[i]), TinyTask.Probabilities(x1[i]), TinyTask.Probabilities(x2[i]));
            for (int k = 0; k < 3; k++)
            {
                double mean = (p1[k] + p2[k]) / 2;
                expected += ((0.5 * p[k] * Math.Log(p[k] / mean)) + (0.25 * p1[k] * Math.Log(p1[k] / mean)) + (0.25 * p2[k] * Math.Log(p2[k] / mean))) / 5;
            }
        }

        Assert.Equal(expected, Consistency.Loss(Logits(x), Logits(x1), Logits(x2)).item<double>(), 1e-12);
    }

    [Fact]
    public void Any_number_of_versions_shares_half_of_the_weight()
    {
        using DisposeScope scope = NewDisposeScope();
        double[][][] rows = [.. Enumerable.Range(0, 5).Select(Rows)];
        double expected = 0;
        for (int i = 0; i < 5; i++)
        {
            double[][] p = [.. rows.Select(version => TinyTask.Probabilities(version[i]))];
            for (int k = 0; k < 3; k++)
            {
                double mean = p[1..].Average(version => version[k]);
                expected += p.Select((version, v) => (v == 0 ? 0.5 : 0.125) * version[k] * Math.Log(version[k] / mean)).Sum() / 5;
            }
        }

        Assert.Equal(expected, Consistency.Loss(Logits(rows[0]), [.. rows[1..].Select(Logits)]).item<double>(), 1e-12);
    }

    [Fact]
    public void It_is_zero_for_equal_predictions_and_stays_finite_for_opposite_ones()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Logits(Rows(0));
        Assert.Equal(0, Consistency.Loss(x, x + 3, x - 7).item<double>(), 1e-12);

        // Certain of opposite classes, x̃₁ and x̃₂ are log 2 from their mean; x is as far.
        Tensor one = Logits([[1000, 0]]), other = Logits([[0, 1000]]);
        Assert.Equal(Math.Log(2), Consistency.Loss(one, one, other).item<double>(), 1e-9);
    }

    [Fact]
    public void Its_gradient_is_that_of_finite_differences()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] logits = [Logits(Rows(0)), Logits(Rows(1)), Logits(Rows(2))];
        foreach (Tensor each in logits)
        {
            each.requires_grad = true;
        }

        Consistency.Loss(logits[0], logits[1], logits[2]).backward();
        using IDisposable gradients = no_grad();
        const double Half = 1e-5;
        foreach (Tensor each in logits)
        {
            double[] gradient = [.. each.grad!.data<double>()];
            Tensor flat = each.view(-1);
            for (int i = 0; i < gradient.Length; i++)
            {
                double start = flat[i].item<double>();
                double At(double value)
                {
                    flat[i].fill_(value);
                    return Consistency.Loss(logits[0], logits[1], logits[2]).item<double>();
                }

                Assert.Equal((At(start + Half) - At(start - Half)) / (2 * Half), gradient[i], 1e-8);
                At(start);
            }
        }
    }

    private static double[][] Rows(int stream)
    {
        CounterRandom random = CounterRandom.For(1, "logits", stream);
        return [.. Enumerable.Range(0, 5).Select(_ => new[] { random.NextNormal(), random.NextNormal(), random.NextNormal() })];
    }

    private static Tensor Logits(double[][] rows) => tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length]);
}
