using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class TemperatureTests
{
    // With logits (0, z) everywhere and a share q of labels 1, the likelihood is largest where z/T = log(q/(1 − q)).
    [Theory]
    [InlineData(1, 70)]
    [InlineData(4, 70)]
    [InlineData(40, 90)]
    [InlineData(0.3, 99)]
    public void A_single_margin_gives_the_closed_form(double margin, int ones)
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i < ones ? 1 : 0)];
        float[] logits = [.. labels.SelectMany(_ => new[] { 0f, (float)margin })];
        var scores = new ClassScores(2, labels, logits);
        double expected = (float)margin / Math.Log(ones / (100.0 - ones));
        Assert.Equal(expected, Temperature.Fit(scores, [.. Enumerable.Range(0, 100)]), 1e-6 * expected);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1.5)]
    [InlineData(2.5)]
    public void It_is_where_a_fine_search_finds_the_largest_likelihood(double signal)
    {
        ClassScores scores = RandomScores.Make(300, 5, signal);
        int[] units = [.. Enumerable.Range(0, 200)];
        double fitted = Temperature.Fit(scores, units);
        double best = Enumerable.Range(-4000, 8001).Select(step => fitted * Math.Exp(step / 2000.0)).MaxBy(Likelihood);
        Assert.Equal(fitted, best, 1e-3 * fitted);
        Assert.InRange(fitted, 0.05, 20);

        double Likelihood(double temperature) => units.Sum(unit => Temperature.LogLikelihood(scores, unit, temperature));
    }

    [Fact]
    public void Where_there_is_no_maximum_it_stays_within_its_bounds()
    {
        var right = new ClassScores(2, [0, 1], [2, 0, 0, 3]);
        Assert.Equal(Temperature.Least, Temperature.Fit(right, [0, 1]), 1e-6);
        var wrong = new ClassScores(2, [1, 0], [2, 0, 0, 3]);
        Assert.Equal(Temperature.Largest, Temperature.Fit(wrong, [0, 1]), 1e-4);
        var silent = new ClassScores(2, [1, 0], new float[4]);
        Assert.Equal(1, Temperature.Fit(silent, [0, 1]));
        Assert.Equal(1, Temperature.Fit(silent, []));
    }

    [Fact]
    public void At_temperature_1_the_likelihood_is_the_models_own()
    {
        ClassScores scores = RandomScores.Make(10, 3);
        Assert.All(Enumerable.Range(0, 10), unit => Assert.Equal(scores.LogLikelihood(unit), Temperature.LogLikelihood(scores, unit, 1), 1e-12));
    }
}
