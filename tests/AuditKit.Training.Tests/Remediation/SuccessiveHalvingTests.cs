using AuditKit.Training.Remediation;

namespace AuditKit.Training.Tests.Remediation;

public sealed class SuccessiveHalvingTests
{
    [Theory]
    [InlineData(1, 5, 5)]
    [InlineData(2, 5, 3, 5)]
    [InlineData(3, 3, 1, 2, 3)]
    [InlineData(8, 12, 2, 3, 6, 12)]
    [InlineData(8, 1, 1)]
    [InlineData(12, 5, 1, 2, 3, 5)]
    public void Epochs_double_from_rung_to_rung(int candidates, int epochs, params int[] rungs)
        => Assert.Equal(rungs, SuccessiveHalving.Rungs(candidates, epochs));

    [Fact]
    public void The_better_half_goes_on_and_the_last_one_is_trained_to_its_end()
    {
        List<(int Candidate, int Epochs)> tried = [];
        var best = SuccessiveHalving.Run<int, Score>([5, 2, 9, 1, 7], 8, (candidate, epochs) => Note(tried, candidate, epochs), new LowFirst());

        Assert.Equal(
            [(5, 1), (2, 1), (9, 1), (1, 1), (7, 1), (1, 2), (2, 2), (5, 2), (1, 4), (2, 4), (1, 8)], tried);
        Assert.Equal((1, 8), (best!.Value.Candidate, best.Value.Result.Epochs));
    }

    [Fact]
    public void The_best_result_of_all_is_kept_also_one_from_before_it_got_worse_and_of_equal_ones_the_first()
    {
        // The second is best after an epoch, and gets worse.
        var best = SuccessiveHalving.Run<int, Score>(
            [0, 1, 2], 4, (candidate, epochs) => new Score(candidate == 1 && epochs < 2 ? -1 : candidate == 1 ? 5 : 0, epochs), new LowFirst());
        Assert.Equal((1, 1), (best!.Value.Candidate, best.Value.Result.Epochs));
        best = SuccessiveHalving.Run<int, Score>([0, 1, 2], 4, (_, epochs) => new Score(0, epochs), new LowFirst());
        Assert.Equal((0, 4), (best!.Value.Candidate, best.Value.Result.Epochs));
    }

    [Fact]
    public void What_the_budget_cuts_off_stands_by_its_last_result_and_without_any_there_is_none()
    {
        // Candidate 1 is best after an epoch, and cannot be trained further.
        var best = SuccessiveHalving.Run<int, Score>(
            [3, 1, 2], 4, (candidate, epochs) => candidate == 1 && epochs > 1 ? null : new Score(candidate, epochs), new LowFirst());
        Assert.Equal((1, 1), (best!.Value.Candidate, best.Value.Result.Epochs));
        Assert.Null(SuccessiveHalving.Run<int, Score>([3, 1, 2], 4, (_, _) => null, new LowFirst()));
    }

    private static Score Note(List<(int Candidate, int Epochs)> tried, int candidate, int epochs)
    {
        tried.Add((candidate, epochs));
        return new Score(candidate, epochs);
    }

    private sealed record Score(double Loss, int Epochs);

    private sealed class LowFirst : IComparer<Score>
    {
        public int Compare(Score? x, Score? y) => x!.Loss.CompareTo(y!.Loss);
    }
}
