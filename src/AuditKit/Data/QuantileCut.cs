using System.Globalization;

namespace AuditKit.Data;

/// <summary>
/// A measured attribute cut into slices of nearly equal size. Equal values stay together: a cut lies between two
/// different values, where the number of images below it is nearest to its share (the lower place at a tie).
/// Attributes with few different values may give fewer slices than asked for, but never an empty one.
/// </summary>
public sealed class QuantileCut
{
    // The largest value of each slice but the last, ascending.
    private readonly double[] _bounds;

    private QuantileCut(double[] bounds, IReadOnlyList<string> names) => (_bounds, Names) = (bounds, names);

    /// <summary>The slices from the lowest on: <c>brightness 1/3 (low: ≤ 0.213)</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Finds the cuts.</summary>
    /// <param name="attribute">The attribute's name.</param>
    /// <param name="values">Its values over all images, finite, in any order.</param>
    /// <param name="slices">How many slices, at least 1.</param>
    /// <exception cref="ArgumentException">There are no values, or one is not finite.</exception>
    public static QuantileCut Of(string attribute, IEnumerable<double> values, int slices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0 || !sorted.All(double.IsFinite))
        {
            throw new ArgumentException($"'{attribute}' needs finite values of at least one image to be cut.", nameof(values));
        }

        int[] places = [.. Enumerable.Range(1, sorted.Length - 1).Where(place => sorted[place - 1] < sorted[place])];
        double[] bounds = places.Length == 0 ? [] : [.. Enumerable.Range(1, slices - 1)
            .Select(cut => places.MinBy(place => Math.Abs(((long)place * slices) - ((long)cut * sorted.Length))))
            .Distinct()
            .Select(place => sorted[place - 1])];
        return new QuantileCut(bounds, NameSlices(attribute, bounds));
    }

    /// <summary>The slice of a value, an index into <see cref="Names"/>.</summary>
    public int Slice(double value)
    {
        int index = Array.BinarySearch(_bounds, value);
        return index >= 0 ? index : ~index;
    }

    private static string[] NameSlices(string attribute, double[] bounds)
    {
        string[] texts = Texts(bounds);
        int last = bounds.Length;
        return [.. Enumerable.Range(0, last + 1).Select(i =>
        {
            string range = last == 0 ? "all values"
                : i == 0 ? $"low: ≤ {texts[0]}"
                : i == last ? $"high: > {texts[^1]}"
                : $"{(last == 2 ? "mid: " : "")}{texts[i - 1]} – {texts[i]}";
            return $"{attribute} {i + 1}/{last + 1} ({range})";
        })];
    }

    // Three significant digits, or as many more as tell the bounds apart.
    private static string[] Texts(double[] bounds)
    {
        for (int digits = 3; ; digits++)
        {
            string[] texts = [.. bounds.Select(bound => Text(bound, digits))];
            if (digits == 17 || texts.Distinct().Count() == texts.Length)
            {
                return texts;
            }
        }
    }

    private static string Text(double value, int digits)
    {
        int magnitude = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return value.ToString($"F{Math.Clamp(digits - 1 - magnitude, 0, 17)}", CultureInfo.InvariantCulture);
    }
}
