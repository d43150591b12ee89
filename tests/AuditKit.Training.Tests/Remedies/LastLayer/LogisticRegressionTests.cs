using AuditKit.Training.Remedies.LastLayer;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.LastLayer;

public sealed class LogisticRegressionTests
{
    private const int Count = 40, Classes = 3, Length = 6;

    private static readonly double[][] s_features = [.. Enumerable.Range(0, Count).Select(Row)];
    private static readonly int[] s_labels = [.. Enumerable.Range(0, Count).Select(i => s_features[i][0] + (0.5 * s_features[i][2]) > 0.3 ? 0 : 1 + (i % 2))];
    private static readonly double[] s_weights = [.. Enumerable.Range(0, Count).Select(i => (1 + (i % 3)) / (2.0 * Count))];

    /// <summary>The conditions of Karush, Kuhn and Tucker, which one point alone fulfils, by loops.</summary>
    [Theory]
    [InlineData(0.002)]
    [InlineData(0.02)]
    [InlineData(0.1)]
    public void A_lasso_fit_is_the_minimum(double strength)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] strengths = [.. Enumerable.Repeat(strength, Length - 1), 0];

        double[][] fitted = Fit(LogisticRegression.Lasso(tensor(strengths)));

        double[][] gradient = Gradient(fitted);
        int zeros = 0;
        for (int k = 0; k < Classes; k++)
        {
            for (int j = 0; j < Length; j++)
            {
                zeros += fitted[k][j] == 0 ? 1 : 0;
                double slack = fitted[k][j] == 0
                    ? Math.Max(0, Math.Abs(gradient[k][j]) - strengths[j])
                    : Math.Abs(gradient[k][j] + (strengths[j] * Math.Sign(fitted[k][j])));
                Assert.InRange(slack, 0, 2e-6);
            }
        }

        Assert.InRange(zeros, 1, Classes * Length);
    }

    [Fact]
    public void Of_features_that_are_all_zeros_the_start_is_left()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor start = tensor(new double[] { 1, 2 }, [2, 1]);
        LogisticFit fit = new LogisticRegression(zeros([4, 1], ScalarType.Float64), tensor([0L, 1L, 0L, 1L]), full(4, 0.25, ScalarType.Float64))
            .Fit(start, LogisticRegression.Ridge(0.1, start));
        Assert.Equal([1, 2], fit.Weights.data<double>().ToArray());
    }

    [Fact]
    public void A_ridge_fit_is_the_minimum_around_its_anchor()
    {
        using DisposeScope scope = NewDisposeScope();
        double[][] anchor = [.. Enumerable.Range(0, Classes).Select(k => Enumerable.Range(0, Length).Select(j => Math.Sin((3 * k) + j)).ToArray())];
        Tensor around = tensor([.. anchor.SelectMany(row => row)], [Classes, Length]);

        double[][] fitted = Fit(LogisticRegression.Ridge(0.05, around));

        double[][] gradient = Gradient(fitted);
        Assert.All(Enumerable.Range(0, Classes), k => Assert.All(Enumerable.Range(0, Length),
            j => Assert.Equal(0, gradient[k][j] + (2 * 0.05 * (fitted[k][j] - anchor[k][j])), 2e-6)));
        Assert.Equal(anchor[1][2], Fit(LogisticRegression.Ridge(1e7, around))[1][2], 1e-5);
    }

    [Fact]
    public void Under_a_strong_penalty_the_bias_alone_is_left_and_says_how_frequent_classes_are()
    {
        using DisposeScope scope = NewDisposeScope();

        double[][] fitted = Fit(LogisticRegression.Lasso(tensor([.. Enumerable.Repeat(10.0, Length - 1), 0])));

        Assert.All(fitted, row => Assert.All(row[..^1], weight => Assert.Equal(0, weight)));
        double[] shares = TinyTask.Probabilities([.. fitted.Select(row => row[^1])]);
        for (int k = 0; k < Classes; k++)
        {
            double expected = s_weights.Zip(s_labels, (weight, label) => label == k ? weight : 0).Sum() / s_weights.Sum();
            Assert.Equal(expected, shares[k], 1e-5);
        }
    }

    [Fact]
    public void A_fit_says_whether_it_is_a_minimum()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] features = [tensor(new[,] { { 1.0, 0.01 }, { -1, -0.01 } }), tensor(new[,] { { 1000.0, 0.01 }, { 1000, -0.01 } })];
        Tensor start = zeros([2, 2], ScalarType.Float64);
        bool[] are = [.. features.Select(x => new LogisticRegression(x, tensor([0L, 1L]), tensor([0.5, 0.5]))
            .Fit(start, LogisticRegression.Ridge(1e-6, start)).IsMinimum)];
        Assert.Equal([true, false], are);
    }

    private static double[][] Fit(LogisticRegression.Proximal proximal)
    {
        var regression = new LogisticRegression(
            tensor([.. s_features.SelectMany(row => row)], [Count, Length]), tensor([.. s_labels.Select(label => (long)label)]), tensor(s_weights));
        Tensor fitted = regression.Fit(zeros([Classes, Length], ScalarType.Float64), proximal).Weights;
        return [.. fitted.data<double>().ToArray().Chunk(Length)];
    }

    private static double[][] Gradient(double[][] weights)
    {
        double[][] gradient = [.. Enumerable.Range(0, Classes).Select(_ => new double[Length])];
        for (int i = 0; i < Count; i++)
        {
            double[] p = TinyTask.Probabilities(SpuriousTask.Logits(weights, s_features[i]));
            for (int k = 0; k < Classes; k++)
            {
                for (int j = 0; j < Length; j++)
                {
                    gradient[k][j] += s_weights[i] * (p[k] - (s_labels[i] == k ? 1 : 0)) * s_features[i][j];
                }
            }
        }

        return gradient;
    }

    // Columns of very different sizes, two of them nearly the same, and a 1 for the bias.
    private static double[] Row(int i)
    {
        CounterRandom random = CounterRandom.For(1, "rows", i);
        double shared = random.NextNormal();
        return [shared, shared + (0.05 * random.NextNormal()), random.NextNormal(), 0.1 * random.NextNormal(), 5 * random.NextNormal(), 1];
    }
}
