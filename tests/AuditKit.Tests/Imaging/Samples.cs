using System.Security.Cryptography;
using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

/// <summary>The sample files of <c>Samples/generate.py</c>, and the pattern that it draws.</summary>
internal static class Samples
{
    private static string Folder { get; } = Path.Combine(Repository.Root, "tests", "AuditKit.Tests", "Imaging", "Samples");

    public static string At(string name) => Path.Combine(Folder, name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(At(name));

    /// <summary>The lines of a table that the script wrote, cut into cells.</summary>
    public static IEnumerable<string[]> Table(string name) => File.ReadLines(At(name)).Select(line => line.Split(','));

    /// <summary>Smooth ramps with a texture on top, sample by sample as <c>pattern()</c> in the script.</summary>
    public static Image Pattern(int width, int height, int channels)
    {
        var image = new Image(width, height, channels);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            int c = i % channels, x = i / channels % width, y = i / channels / width;
            image.Samples[i] = (byte)((x * 7) + (y * 3) + (c * 50) + (x * y % 17 * 5));
        }

        return image;
    }

    /// <summary>SHA-256 of bytes, as the tables have it.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
