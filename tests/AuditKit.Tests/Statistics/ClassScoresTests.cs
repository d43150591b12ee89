using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class ClassScoresTests
{
    [Fact]
    public void Probabilities_likelihood_and_Brier_score_are_those_of_a_plain_softmax()
    {
        ClassScores scores = RandomScores.Make(50, 4);
        for (int i = 0; i < scores.Count; i++)
        {
            double[] exponentials = [.. scores.Logits(i).ToArray().Select(z => Math.Exp(z))];
            double[] expected = [.. exponentials.Select(e => e / exponentials.Sum())];
            Assert.Equal(expected, scores.Probabilities(i).ToArray().Select(p => (double)p), (a, b) => Math.Abs(a - b) < 1e-6);
            Assert.Equal(Math.Log(expected[scores.Label(i)]), scores.LogLikelihood(i), 1e-12);
            Assert.Equal(expected.Select((p, k) => Math.Pow(p - (k == scores.Label(i) ? 1 : 0), 2)).Sum(), scores.Brier(i), 1e-6);
            Assert.Equal(Array.IndexOf(expected, expected.Max()), scores.Predicted(i));
            Assert.Equal(expected.Max(), scores.Confidence(i), 1e-6);
        }
    }

    [Fact]
    public void The_likelihood_stays_finite_where_the_probability_rounds_to_nothing()
    {
        var scores = new ClassScores(2, [1], [0, -1000]);
        Assert.Equal(0, scores.Probabilities(0)[1]);
        Assert.Equal(-1000, scores.LogLikelihood(0));
        Assert.Equal(2, scores.Brier(0));
    }

    [Fact]
    public void Selected_units_keep_what_was_said_of_them()
    {
        ClassScores scores = RandomScores.Make(20, 3);
        ClassScores some = scores.Select([7, 3, 7]);
        Assert.Equal([7, 3, 7], Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 20).Single(j => scores.Logits(j).SequenceEqual(some.Logits(i)))));
        Assert.Equal(scores.Label(3), some.Label(1));
    }

    [Fact]
    public void Logits_that_do_not_fit_the_labels_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ClassScores(3, [0, 1], new float[5]));
        Assert.Throws<ArgumentException>(() => new ClassScores(3, [0, 3], new float[6]));
    }
}
