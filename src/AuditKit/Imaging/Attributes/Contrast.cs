namespace AuditKit.Imaging.Attributes;

/// <summary>
/// How far light and dark lie apart: RMS contrast, the standard deviation of the luma in [0, 1] (Peli, Contrast in
/// complex images, JOSA A 1990).
/// </summary>
public static class Contrast
{
    internal const string Description =
        "Standard deviation of the luma (BT.601) scaled to 0–1: RMS contrast (Peli 1990), from 0 (uniform) to 0.5 (half black, half white).";

    /// <summary>The population standard deviation of the luma, 0–0.5.</summary>
    public static double Of(Image image)
    {
        // Whole numbers: exact, whatever the order.
        long sum = 0, squares = 0;
        ReadOnlySpan<byte> luma = Luma.Of(image);
        foreach (byte value in luma)
        {
            sum += value;
            squares += value * value;
        }

        Int128 variance = ((Int128)squares * luma.Length) - ((Int128)sum * sum);
        return Math.Sqrt((double)variance) / (255.0 * luma.Length);
    }
}
