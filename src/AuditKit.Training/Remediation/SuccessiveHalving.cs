namespace AuditKit.Training.Remediation;

/// <summary>
/// Successive halving (Jamieson and Talwalkar, AISTATS 2016): all candidates are trained for a few epochs, and the better half goes on, up
/// to a whole training; the best result of all is the answer. The same results give the same answer, whatever time they took.
/// </summary>
public static class SuccessiveHalving
{
    /// <summary>After how many epochs the candidates are compared: ⌈E / 2^(k − r)⌉ for r = 0 … k, with k = ⌈log₂ n⌉ halvings, each number once.</summary>
    /// <param name="candidates">n, at least 1.</param>
    /// <param name="epochs">E, at least 1.</param>
    public static IReadOnlyList<int> Rungs(int candidates, int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        int halvings = (int)Math.Ceiling(Math.Log2(candidates));
        return [.. Enumerable.Range(0, halvings + 1).Select(rung => (int)Math.Ceiling(epochs / Math.Pow(2, halvings - rung))).Distinct()];
    }

    /// <summary>Finds the best candidate.</summary>
    /// <typeparam name="TCandidate">What is tried.</typeparam>
    /// <typeparam name="TResult">What a trial gives.</typeparam>
    /// <param name="candidates">What is tried, at least one; of equal ones the first is kept, and of its results the longest.</param>
    /// <param name="epochs">Epochs of a whole training.</param>
    /// <param name="trial">Trains a candidate up to so many epochs and measures it; null where the budget does not reach, or it cannot be used.</param>
    /// <param name="order">Puts the better result first.</param>
    /// <returns>The best candidate with its best result; null where no trial was finished.</returns>
    public static (TCandidate Candidate, TResult Result)? Run<TCandidate, TResult>(
        IReadOnlyList<TCandidate> candidates, int epochs, Func<TCandidate, int, TResult?> trial, IComparer<TResult> order)
        where TResult : class
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(trial);
        List<(int Candidate, int Epochs, TResult Result)> results = [];
        int[] running = [.. Enumerable.Range(0, candidates.Count)];
        foreach (int rung in Rungs(candidates.Count, epochs))
        {
            // One that the budget stops in a later rung stands by its earlier results.
            (int Candidate, int Epochs, TResult Result)[] tried =
            [
                .. from candidate in running
                   let result = trial(candidates[candidate], rung)
                   where result is not null
                   select (candidate, rung, result!),
            ];
            results.AddRange(tried);
            running = [.. tried.OrderBy(each => each.Result, order).Take((running.Length + 1) / 2).Select(each => each.Candidate)];
        }

        (int winner, _, TResult? best) = results.OrderBy(each => each.Result, order).ThenBy(each => each.Candidate)
            .ThenByDescending(each => each.Epochs).FirstOrDefault();
        return best is null ? null : (candidates[winner], best);
    }
}
