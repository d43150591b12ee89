namespace AuditKit.Imaging;

/// <summary>
/// The luma of ITU-R BT.601, L = 0.299·R + 0.587·G + 0.114·B, in the 16-bit fixed point of Pillow's
/// <c>convert("L")</c>.
/// </summary>
public static class Luma
{
    /// <summary>H×W luma samples, 0–255; the image's own samples where it is grey.</summary>
    public static ReadOnlySpan<byte> Of(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels == 1)
        {
            return image.Samples;
        }

        var luma = new byte[image.Width * image.Height];
        ReadOnlySpan<byte> rgb = image.Samples;
        for (int i = 0; i < luma.Length; i++)
        {
            luma[i] = (byte)(((19595 * rgb[3 * i]) + (38470 * rgb[(3 * i) + 1]) + (7471 * rgb[(3 * i) + 2]) + 0x8000) >> 16);
        }

        return luma;
    }
}
