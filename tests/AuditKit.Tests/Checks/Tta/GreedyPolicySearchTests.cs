using AuditKit.Checks.Tta;
using AuditKit.Statistics;

namespace AuditKit.Tests.Checks.Tta;

public sealed class GreedyPolicySearchTests
{
    private const int Units = 83;
    private const int Classes = 3;

    // Candidates of unlike strength, too sure of themselves or not sure enough, about the same labels.
    private static readonly ClassScores[] Candidates = [.. Enumerable.Range(0, 14).Select(c =>
    {
        var random = CounterRandom.For(8, "candidate", c);
        int[] labels = [.. Enumerable.Range(0, Units).Select(i => CounterRandom.For(8, "label", i).NextInt32(Classes))];
        double sharpness = 0.3 + (c * 0.4);
        return new ClassScores(Classes, labels, [.. labels.SelectMany(label =>
            Enumerable.Range(0, Classes).Select(k => (float)(sharpness * (random.NextNormal() + (k == label ? 0.9 : 0)))))]);
    })];

    [Theory]
    [InlineData(PolicyCriterion.CalibratedLogLikelihood)]
    [InlineData(PolicyCriterion.Accuracy)]
    public void Choices_and_scores_are_those_of_a_slow_reference(PolicyCriterion criterion)
    {
        IReadOnlyList<PolicyChoice> choices = Search().Run(8, criterion, 2, _ => { });
        double[] sum = new double[Units * Classes];
        for (int step = 0; step < 8; step++)
        {
            double[] scores = [.. Candidates.Select(candidate => Score(sum, candidate, criterion))];
            int best = Array.IndexOf(scores, scores.Max());
            Assert.Equal(best, choices[step].Candidate);
            Assert.Equal(scores[best], choices[step].Score, 2e-6);
            Add(sum, Candidates[best]);
        }

        // With replacement, and mixed: what greedy search is about.
        Assert.InRange(choices.Select(choice => choice.Candidate).Distinct().Count(), 2, 8);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
        => Assert.Equal(Search().Run(6, PolicyCriterion.CalibratedLogLikelihood, 1, _ => { }),
            Search().Run(6, PolicyCriterion.CalibratedLogLikelihood, 4, _ => { }));

    [Fact]
    public void Of_candidates_that_say_nothing_and_one_that_knows_the_one_is_chosen_again_and_again()
    {
        // Right in nine of ten, and so it says; the others are right as often as not.
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 2)];
        var search = new GreedyPolicySearch(2, labels);
        search.Add(Says(i => i % 4 < 2));
        search.Add(Says(i => (i % 2 == 1) != (i % 10 == 0)));
        search.Add(Says(i => i % 8 < 4));
        Assert.Equal([1, 1, 1], search.Run(3, PolicyCriterion.CalibratedLogLikelihood, 2, _ => { }).Select(choice => choice.Candidate));
    }

    [Fact]
    public void Of_equal_candidates_the_first_is_chosen()
    {
        var search = new GreedyPolicySearch(2, [0, 1, 1]);
        for (int candidate = 0; candidate < 3; candidate++)
        {
            search.Add([0.7f, 0.3f, 0.4f, 0.6f, 0.2f, 0.8f]);
        }

        Assert.Equal([0, 0], search.Run(2, PolicyCriterion.CalibratedLogLikelihood, 3, _ => { }).Select(choice => choice.Candidate));
    }

    [Theory]
    [InlineData(PolicyCriterion.CalibratedLogLikelihood)]
    [InlineData(PolicyCriterion.Accuracy)]
    public void One_candidate_alone_scores_what_a_search_among_it_alone_says(PolicyCriterion criterion)
    {
        for (int candidate = 0; candidate < Candidates.Length; candidate++)
        {
            var alone = new GreedyPolicySearch(Classes, [.. Enumerable.Range(0, Units).Select(Candidates[0].Label)]);
            alone.Add([.. Enumerable.Range(0, Units).SelectMany(i => Candidates[candidate].Probabilities(i).ToArray())]);
            double expected = Assert.Single(alone.Run(1, criterion, 1, _ => { })).Score;
            Assert.Equal(expected, Search().Score(candidate, criterion));
            Assert.Equal(Score(new double[Units * Classes], Candidates[candidate], criterion), expected, 2e-6);
        }
    }

    private static float[] Says(Func<int, bool> one)
        => [.. Enumerable.Range(0, 40).SelectMany(i => one(i) ? new[] { 0.1f, 0.9f } : [0.9f, 0.1f])];

    private static GreedyPolicySearch Search()
    {
        var search = new GreedyPolicySearch(Classes, [.. Enumerable.Range(0, Units).Select(Candidates[0].Label)]);
        foreach (ClassScores candidate in Candidates)
        {
            search.Add([.. Enumerable.Range(0, Units).SelectMany(i => candidate.Probabilities(i).ToArray())]);
        }

        return search;
    }

    private static double Score(double[] sum, ClassScores added, PolicyCriterion criterion)
    {
        double[] total = [.. sum];
        Add(total, added);
        int[] units = [.. Enumerable.Range(0, Units)];
        var mean = new ClassScores(Classes, [.. units.Select(added.Label)], [.. total.Select(p => (float)Math.Log(p))]);
        double temperature = Temperature.Fit(mean, units);
        return criterion == PolicyCriterion.Accuracy
            ? units.Count(mean.IsCorrect) / (double)Units
            : units.Average(unit => Temperature.LogLikelihood(mean, unit, temperature));
    }

    private static void Add(double[] sum, ClassScores scores)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += scores.Probabilities(i / Classes)[i % Classes];
        }
    }
}
