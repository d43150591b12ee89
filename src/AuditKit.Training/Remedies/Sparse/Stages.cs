using AuditKit.Training.Loop;
using AuditKit.Yaml;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>A run in three stages, in whole epochs: dense, then with weights being removed, then with what is left.</summary>
/// <param name="First">The first epoch in which weights are removed, from 0.</param>
/// <param name="Last">The last one; what is left at its end is what stays.</param>
internal readonly record struct Stages(int First, int Last)
{
    private static readonly NumberKey s_from = new("from", "The share of the run after which weights begin to be removed", 0.2, 0, 0.9);
    private static readonly NumberKey s_until = new("until", "The last weights are removed in the epoch that this share of the run falls into", 0.6, 0, 0.95);

    /// <summary>The keys.</summary>
    public static IReadOnlyList<SpecKey> Keys { get; } = [s_from, s_until];

    /// <summary>Reads <c>from: 0.2, until: 0.6</c>; the run's length makes epochs of them.</summary>
    /// <exception cref="AuditException">A share is out of bounds, or the second one before the first.</exception>
    public static Func<Recipe, Stages> Parse(SpecMap map)
    {
        (double from, double until) = (s_from.Read(map), s_until.Read(map));
        return until < from
            ? throw map.Error(s_until.Key, $"'until' must be at least 'from', {from}.")
            : recipe => Of(from, until, recipe.Epochs);
    }

    /// <summary>The stages of a run.</summary>
    /// <param name="from">The share of the run after which weights begin to be removed: the epoch that it falls into is the last dense one, if another follows.</param>
    /// <param name="until">The share of the run that falls into the last epoch in which weights are removed.</param>
    /// <param name="epochs">The run's length.</param>
    internal static Stages Of(double from, double until, int epochs)
    {
        int first = Math.Min((int)Math.Ceiling((from * epochs) - 1e-9), epochs - 1);
        return new Stages(first, Math.Max(first, SparseMethod.EpochAt(until, epochs)));
    }

    /// <inheritdoc/>
    public override string ToString() => First == Last ? $"in epoch {First + 1}" : $"from epoch {First + 1} to epoch {Last + 1}";
}
