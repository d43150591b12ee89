namespace AuditKit.Imaging.Attributes;

/// <summary>How light an image is: the mean luma in [0, 1].</summary>
public static class Brightness
{
    internal const string Description = "Mean of the luma (BT.601), from 0 (black) to 1 (white).";

    /// <summary>The mean luma, 0–1.</summary>
    public static double Of(Image image)
    {
        long sum = 0;
        ReadOnlySpan<byte> luma = Luma.Of(image);
        foreach (byte value in luma)
        {
            sum += value;
        }

        return sum / (255.0 * luma.Length);
    }
}
