using System.Globalization;
using AuditKit.Training.Loop;

namespace AuditKit.Training.Tests.Remedies.LastLayer;

public sealed class DfrTests
{
    private const string Method = "{ name: dfr, subsets: 3 }";

    [Fact]
    public void The_worst_group_rises_where_an_attribute_gave_the_class_away()
    {
        using var erm = new SpuriousTask("{ name: erm }");
        erm.Train();
        using var dfr = new SpuriousTask(Method);

        Trainer trainer = dfr.Train();

        Assert.Equal(4, trainer.History.Count);
        Assert.InRange(erm.Worst(), 0, 0.5);
        Assert.InRange(dfr.Worst(), 0.75, 1);
        string report = dfr.Method.Report("");
        Assert.Contains("`pixels`, 4 numbers an image: the mean of\n3 fits to 25 held-out images of each of 4 groups", report);
        Assert.Equal([0.01, 0.03, 0.07, 0.1, 0.3, 0.7, 1], report.Split('\n').Where(line => line.StartsWith("| 0.", StringComparison.Ordinal)
            || line.StartsWith("| 1 ", StringComparison.Ordinal)).Select(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)));
    }

    /// <summary>
    /// Where groups are equally large the balanced set is all of them: standardised, the layer in the network fulfils the conditions of the
    /// lasso's minimum with λ = 1/(C·n), by loops.
    /// </summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void The_layer_is_the_lasso_of_standardised_embeddings_with_standardisation_folded_in(double c)
    {
        // 10 images of each group: the minority's are those whose half is divisible by 4.
        int[] held = [.. Held(image => image / 2 % 4 == 0).Take(20), .. Held(image => image / 2 % 4 == 1).Take(20)];
        using var dfr = new SpuriousTask(FormattableString.Invariant($"{{ name: dfr, c: {c}, subsets: 1 }}"), epochs: 0, held);

        dfr.Train();

        double[][] x = [.. held.Select(dfr.Features)];
        double[] mean = [.. Enumerable.Range(0, 4).Select(j => x.Average(row => row[j]))];
        double[] deviation = [.. Enumerable.Range(0, 4).Select(j => Math.Sqrt(x.Average(row => Math.Pow(row[j] - mean[j], 2))))];
        double[][] head = dfr.Head;
        double[,] gradient = new double[2, 5];
        foreach ((int i, double[] row) in x.Index())
        {
            double[] p = TinyTask.Probabilities(SpuriousTask.Logits(head, row));
            for (int k = 0; k < 2; k++)
            {
                for (int j = 0; j < 5; j++)
                {
                    gradient[k, j] += (p[k] - (held[i] % 2 == k ? 1 : 0)) * (j < 4 ? (row[j] - mean[j]) / deviation[j] : 1) / held.Length;
                }
            }
        }

        double lambda = 1 / (c * held.Length);
        for (int k = 0; k < 2; k++)
        {
            Assert.Equal(0, gradient[k, 4], 1e-5);
            for (int j = 0; j < 4; j++)
            {
                double weight = head[k][j] * deviation[j];
                Assert.InRange(
                    weight == 0 ? Math.Max(0, Math.Abs(gradient[k, j]) - lambda) : Math.Abs(gradient[k, j] + (lambda * Math.Sign(weight))), 0, 1e-5);
            }
        }

        Assert.Contains(head, row => row[0] != 0);
    }

    /// <summary>The figure that settings are chosen by is of images that the layer was not fitted to, and is there without an epoch, too.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(0)]
    public void Its_validation_figures_are_those_of_halves_that_were_not_fitted_to(int epochs)
    {
        using var dfr = new SpuriousTask("{ name: dfr, c: 0.1, subsets: 3 }", epochs);

        ValidationScore fitted = dfr.Train().Fitted!.Value;

        string row = dfr.Method.Report("").Split('\n').Single(line => line.StartsWith("| 0.1 |", StringComparison.Ordinal));
        Assert.Equal($"| 0.1 | {NumberText.Percent(fitted.WorstGroup)} | {NumberText.Percent(fitted.Accuracy)} |", row);
        Assert.InRange(fitted.WorstGroup, 0.5, 0.97);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Settings_are_chosen_by_the_recipes_rule(double floor) => SpuriousTask.RequireTheRecipesRule(
        ["0.006", "0.01", "0.02", "0.05", "0.1", "0.3", "1", "10"], floor, (tried, least) => new SpuriousTask($"{{ name: dfr, c: [{tried}], subsets: 3 }}", epochs: 0, held: [.. Enumerable.Range(400, 100)], floor: least));

    [Fact]
    public void A_fit_that_spent_its_steps_is_said_to_have()
    {
        using var dfr = new SpuriousTask("{ name: dfr, c: 1000000, subsets: 1 }", epochs: 0, blend: 0.01f);
        dfr.Train();
        Assert.Contains("**1 of 1** fits of the layer that was written stopped after 5000 steps", dfr.Method.Report(""));
        using var usual = new SpuriousTask("{ name: dfr, c: 0.1, subsets: 1 }", epochs: 0);
        usual.Train();
        Assert.DoesNotContain("stopped after", usual.Method.Report(""));
    }

    [Fact]
    public void What_is_fitted_does_not_depend_on_a_kill()
    {
        using var whole = new SpuriousTask(Method);
        whole.Train();
        using var killed = new SpuriousTask(Method);
        using var kill = new CancellationTokenSource();
        killed.Told = what =>
        {
            if (what == "fitting the last layer")
            {
                throw new OperationCanceledException();
            }
        };
        Assert.Throws<OperationCanceledException>(() => killed.Train());
        using var resumed = new SpuriousTask(Method);
        File.Copy(killed.Checkpoint, resumed.Checkpoint);
        int epochs = 0;
        resumed.Told = what => epochs += what.StartsWith("epoch", StringComparison.Ordinal) ? 1 : 0;

        resumed.Train();

        Assert.Equal(0, epochs);
        Assert.Equal(whole.Head, resumed.Head);
    }

    [Fact]
    public void A_group_that_is_short_among_the_held_out_images_is_named_before_training()
    {
        // The minority groups have 3 and 2 images.
        int[] held = [.. Held(image => image / 2 % 4 == 0).Take(5), .. Held(image => image / 2 % 4 != 0)];
        AuditException error = Assert.Throws<AuditException>(() => new SpuriousTask(Method, held: held));
        Assert.Contains("at least 8 of every group, but there are too few of zero, side right (3); one, side left (2). Hold more out", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    private static IEnumerable<int> Held(Func<int, bool> condition) => Enumerable.Range(400, 200).Where(condition);
}
