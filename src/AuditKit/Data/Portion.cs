using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>
/// Part of a data set, for sets that come without a split: of each class, the images that a draw puts between two shares. Portions of one
/// seed that only touch share no image: <c>portion: { to: 0.5 }</c> and <c>portion: { from: 0.5 }</c>.
/// </summary>
/// <param name="From">The share at which it begins, in [0, 1).</param>
/// <param name="To">The share at which it ends, above <paramref name="From"/>, at most 1.</param>
/// <param name="Seed">The seed of the draw.</param>
public sealed record Portion(double From, double To, long Seed)
{
    private static readonly NumberKey s_from = new("from", "The share of each class at which it begins", 0, 0, 1);
    private static readonly NumberKey s_to = new("to", "The share of each class at which it ends", 1, 0, 1);
    private static readonly NumberKey s_seed = new("seed", "The seed of the draw, a whole number", 0, 0, long.MaxValue);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_from, s_to, s_seed];

    /// <summary>Reads <c>{ from: 0, to: 0.5, seed: 0 }</c>; null where there is no mapping.</summary>
    /// <exception cref="AuditException">An unknown key, a value out of range, or a portion of nothing.</exception>
    internal static Portion? Parse(SpecMap? map)
    {
        if (map is null)
        {
            return null;
        }

        var portion = new Portion(s_from.Read(map), s_to.Read(map), map.Long(s_seed.Key, 0, 0, long.MaxValue));
        map.Finish();
        return portion.From < portion.To ? portion : throw map.Error(s_to.Key, $"'{map.Path}.{s_to.Key}' must be above '{s_from.Key}'.");
    }

    /// <summary>What evidence knows the portion by: a record's own text would follow the host's culture.</summary>
    public override string ToString()
        => FormattableString.Invariant($"{nameof(Portion)} {{ {nameof(From)} = {From}, {nameof(To)} = {To}, {nameof(Seed)} = {Seed} }}");

    /// <summary>The images of a data set that belong to it, in the set's order.</summary>
    /// <exception cref="AuditException">The data has too few images for the portion.</exception>
    internal int[] Of(IDataset data)
    {
        int[] images =
        [
            .. Enumerable.Range(0, data.Count).GroupBy(data.Label).SelectMany(of =>
            {
                int[] order = [.. of];
                CounterRandom.For(Seed, "data/portion", of.Key).Shuffle(order);
                return order[(int)Math.Round(From * order.Length)..(int)Math.Round(To * order.Length)];
            }).Order(),
        ];
        return images.Length > 0 ? images
            : throw new AuditException($"{data.Name} has too few images for the portion from {InvariantText.Of(From)} to {InvariantText.Of(To)} of each class.");
    }
}
