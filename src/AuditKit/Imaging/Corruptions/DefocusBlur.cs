namespace AuditKit.Imaging.Corruptions;

/// <summary>Convolved with a disc: a lens out of focus.</summary>
public sealed class DefocusBlur : Corruption<(double Radius, double Softness)>
{
    // Weights below this cannot change a level, even all of them together.
    private const double Negligible = 1e-8;

    private readonly Tap[] _small;
    private readonly Tap[] _large;

    /// <summary>The corruption.</summary>
    /// <param name="severity">1 to 5.</param>
    public DefocusBlur(int severity)
        : base(
            "defocus-blur",
            severity,
            [(0.3, 0.4), (0.4, 0.5), (0.5, 0.6), (1, 0.2), (1.5, 0.1)],
            [(3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5)])
        => (_small, _large) = (Disc(Small), Disc(Large));

    /// <inheritdoc/>
    public override string Definition
        => "Convolved with a disc of radius r pixels whose edge is softened by a normal density of standard deviation s: (r, s).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        var result = new Image(image.Width, image.Height, image.Channels);
        using var values = new Scratch<float>(image.Samples.Length);
        Levels.ToFloats(image.Samples, values.Span);
        Correlation.Apply(
            values.Span, image.Width, image.Height, image.Channels, IsSmall(image) ? _small : _large, Border.Mirror, values.Span);
        Levels.FromFloats(values.Span, result.Samples);
        return result;
    }

    // The disc on a square of at least 17 pixels a side, softened over 3×3 pixels, or over 5×5 where it is larger.
    private static Tap[] Disc((double Radius, double Softness) constants)
    {
        (double radius, double softness) = constants;
        int half = radius <= 8 ? 8 : (int)radius;
        int reach = radius <= 8 ? 1 : 2;
        int side = (2 * half) + 1;
        double inside = Square(half).Count(at => IsInside(at.X, at.Y));
        double[] soft = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(x => Math.Exp(-0.5 * x * x / (softness * softness)))];
        double sum = soft.Sum();
        return [.. Square(half).Select(at => new Tap(at.X, at.Y, (float)Softened(at.X, at.Y))).Where(tap => tap.Weight > Negligible)];

        double Softened(int x, int y) => Square(reach)
            .Where(at => IsInside(Inside(x + at.X), Inside(y + at.Y)))
            .Sum(at => soft[at.X + reach] * soft[at.Y + reach] / (sum * sum * inside));

        bool IsInside(int x, int y) => (x * x) + (y * y) <= radius * radius;
        int Inside(int x) => Border.Mirror.Inside(x + half, side) - half;
    }

    private static IEnumerable<(int X, int Y)> Square(int half)
        => from y in Enumerable.Range(-half, (2 * half) + 1) from x in Enumerable.Range(-half, (2 * half) + 1) select (x, y);
}
