namespace AuditKit.Training.Remediation;

/// <summary>
/// Successive halving (Jamieson and Talwalkar, AISTATS 2016): all candidates are trained for a few epochs, the better half goes on,
/// until one is left and trained to its end. The same results give the same answer, whatever time they took.
/// </summary>
public static class SuccessiveHalving
{
    /// <summary>After how many epochs the candidates are compared: ⌈E / 2^(k − r)⌉ for r = 0 … k, with k = ⌈log₂ n⌉ halvings.</summary>
    /// <param name="candidates">n, at least 1.</param>
    /// <param name="epochs">E, at least 1.</param>
    public static IReadOnlyList<int> Rungs(int candidates, int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        int halvings = (int)Math.Ceiling(Math.Log2(candidates));
        return [.. Enumerable.Range(0, halvings + 1).Select(rung => (int)Math.Ceiling(epochs / Math.Pow(2, halvings - rung)))];
    }

    /// <summary>Finds the best candidate.</summary>
    /// <typeparam name="TCandidate">What is tried.</typeparam>
    /// <typeparam name="TResult">What a trial gives.</typeparam>
    /// <param name="candidates">What is tried, at least one; of equal ones the first is kept.</param>
    /// <param name="epochs">Epochs of a whole training.</param>
    /// <param name="trial">Trains a candidate up to so many epochs and measures it; null where the budget does not reach, or it cannot be used.</param>
    /// <param name="order">Puts the better result first.</param>
    /// <returns>The best candidate with its last result; null where no trial was finished.</returns>
    public static (TCandidate Candidate, TResult Result)? Run<TCandidate, TResult>(
        IReadOnlyList<TCandidate> candidates, int epochs, Func<TCandidate, int, TResult?> trial, IComparer<TResult> order)
        where TResult : class
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(trial);
        List<(TCandidate Candidate, TResult? Last)> running = [.. candidates.Select(candidate => (candidate, (TResult?)null))];
        foreach (int rung in Rungs(candidates.Count, epochs))
        {
            // One that the budget stops in a later rung stands by its last result.
            List<(TCandidate Candidate, TResult Last)> tried =
            [
                .. from each in running
                   let last = trial(each.Candidate, rung) ?? each.Last
                   where last is not null
                   select (each.Candidate, last),
            ];
            int half = (running.Count + 1) / 2;
            running = [.. tried.OrderBy(each => each.Last, order).Take(half).Select(each => (each.Candidate, (TResult?)each.Last))];
        }

        return running is [(var best, { } result), ..] ? (best, result) : null;
    }
}
