namespace AuditKit.Imaging.Corruptions;

/// <summary>A random affine map, then a random smooth displacement: stretched skin.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class ElasticTransform(int severity)
    : Corruption<(double Displacement, double Sigma, double Affine)>(
        "elastic-transform",
        severity,
        [(0, 0, 32 * 0.08), (32 * 0.05, 32 * 0.2, 32 * 0.07), (32 * 0.08, 32 * 0.06, 32 * 0.06), (32 * 0.1, 32 * 0.04, 32 * 0.05),
            (32 * 0.1, 32 * 0.03, 32 * 0.03)],
        [(244 * 2, 244 * 0.7, 244 * 0.1), (244 * 2, 244 * 0.08, 244 * 0.2), (244 * 0.05, 244 * 0.01, 244 * 0.02),
            (244 * 0.07, 244 * 0.01, 244 * 0.02), (244 * 0.12, 244 * 0.01, 244 * 0.02)])
{
    /// <inheritdoc/>
    public override string Definition
        => "An affine map that moves three points by up to b pixels each way; then every pixel displaced, in each direction by d times "
            + "uniform noise on [−1, 1] blurred by a normal density of σ pixels; both bilinear: (d, σ, b).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        (double displacement, double sigma, double affine) = For(image);
        (int width, int height, int channels) = (image.Width, image.Height, image.Channels);
        var result = new Image(width, height, channels);
        using var values = new Scratch<float>(image.Samples.Length + Warp.Slack);
        using var warped = new Scratch<float>(image.Samples.Length + Warp.Slack);
        using var columns = new Scratch<float>(width * height);
        using var rows = new Scratch<float>(width * height);
        Levels.ToFloats(image.Samples, values.Span);
        values.Span[^1] = warped.Span[^1] = 0;

        PlaceAffinely(width, height, affine, random, columns.Span, rows.Span);
        Warp.Apply(values.Span, width, height, channels, columns.Span, rows.Span, Border.Mirror, warped.Span);
        Span<float> final = warped.Span;
        if (displacement > 0)
        {
            Displace(columns.Span, rows.Span, width, height, displacement, sigma, random);
            Warp.Apply(warped.Span, width, height, channels, columns.Span, rows.Span, Border.Reflect, values.Span);
            final = values.Span;
        }

        Levels.FromFloats(final[..image.Samples.Length], result.Samples);
        return result;
    }

    // Three corners of a square around the centre, a third of the shorter side away, move; pixels are looked up
    // where the inverse map takes them.
    internal static void PlaceAffinely(int width, int height, double reach, CounterRandom random, Span<float> columns, Span<float> rows)
    {
        (int centreX, int centreY, int side) = (width / 2, height / 2, Math.Min(width, height) / 3);
        ReadOnlySpan<(double X, double Y)> corners = [(centreX + side, centreY + side), (centreX + side, centreY - side), (centreX - side, centreY - side)];
        Span<(double X, double Y)> moved = stackalloc (double X, double Y)[3];
        for (int i = 0; i < 3; i++)
        {
            moved[i] = (corners[i].X + Draw(), corners[i].Y + Draw());
        }

        // The moved corners' offsets from the second one are the images of (0, 2·side) and (−2·side, 0).
        (double downX, double downY) = (moved[0].X - moved[1].X, moved[0].Y - moved[1].Y);
        (double leftX, double leftY) = (moved[2].X - moved[1].X, moved[2].Y - moved[1].Y);
        double scale = 2 * side / ((leftX * downY) - (leftY * downX));
        for (int y = 0, pixel = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, pixel++)
            {
                (double fromX, double fromY) = (x - moved[1].X, y - moved[1].Y);
                columns[pixel] = (float)(corners[1].X - (scale * ((fromX * downY) - (fromY * downX))));
                rows[pixel] = (float)(corners[1].Y + (scale * ((leftX * fromY) - (leftY * fromX))));
            }
        }

        double Draw() => reach * ((2 * random.NextDouble()) - 1);
    }

    internal static void Displace(
        Span<float> columns, Span<float> rows, int width, int height, double displacement, double sigma, CounterRandom random)
    {
        GaussianKernel kernel = GaussianKernel.Of(sigma, truncate: 3);
        random.FillUniform(columns, -(float)displacement, (float)displacement);
        random.FillUniform(rows, -(float)displacement, (float)displacement);
        kernel.Blur(columns, width, height, 1, Border.Reflect);
        kernel.Blur(rows, width, height, 1, Border.Reflect);
        for (int y = 0, pixel = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, pixel++)
            {
                columns[pixel] += x;
                rows[pixel] += y;
            }
        }
    }
}
