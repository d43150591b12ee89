using System.Security.Cryptography;

namespace AuditKit.Imaging.Corruptions;

/// <summary>
/// Pictures of frost that <see cref="Frost"/> lays over images: photographs from a folder of the user's, or one made
/// by a formula, because the benchmark's photographs may not be passed on.
/// </summary>
public sealed class FrostTexture
{
    /// <summary>Pictures read from a folder at most: all are held in memory.</summary>
    private const int MostPictures = 32;

    /// <summary>Small images see every fifth pixel of a picture, in both directions.</summary>
    private const int SmallStep = 5;

    private static readonly Lazy<FrostTexture> Made = new(() => new FrostTexture("", "a procedural texture of ice crystals, no photograph", [Procedural()]));

    private readonly Image[] _pictures;
    private readonly Image[] _small;

    private FrostTexture(string digest, string source, Image[] pictures)
    {
        (Digest, Source, _pictures) = (digest, source, pictures);
        _small = [.. pictures.Select(EveryFifth)];
    }

    /// <summary>The texture made by a formula.</summary>
    public static FrostTexture Default => Made.Value;

    /// <summary>Eight digits of the SHA-256 over the photographs' pixels; empty for the texture made by a formula.</summary>
    public string Digest { get; }

    /// <summary>What reports say of it.</summary>
    public string Source { get; }

    /// <summary>Reads the photographs of a folder, .png, .jpg or .jpeg, in the order of their names.</summary>
    /// <exception cref="AuditException">No such folder, none or too many photographs in it, or one that cannot be read.</exception>
    public static FrostTexture FromFolder(string folder)
    {
        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(folder)
                .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG")
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{folder}: the folder of frost photographs cannot be read: {e.Message}", inner: e);
        }

        if (files.Length is 0 or > MostPictures)
        {
            throw new AuditException($"{folder}: has {files.Length} photographs (.png, .jpg); frost needs 1 to {MostPictures}.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Image[] pictures = [.. files.Select(file =>
        {
            Image photograph = InColour(ImageFile.Read(file));
            hash.AppendData(photograph.Samples);
            return photograph;
        })];
        string digest = Convert.ToHexStringLower(hash.GetHashAndReset())[..8];
        return new FrostTexture(digest, $"{files.Length} photographs (SHA-256 {digest}…)", pictures);
    }

    /// <summary>A random part of a random picture, of an image's size.</summary>
    /// <returns>The part, in as many channels as the image has.</returns>
    internal Image Draw(Image image, bool small, CounterRandom random)
    {
        Image[] pictures = small ? _small : _pictures;
        Image picture = Covering(pictures[random.NextInt32(pictures.Length)], image);
        int left = random.NextInt32(picture.Width - image.Width + 1);
        int top = random.NextInt32(picture.Height - image.Height + 1);
        Image part = picture.Crop(left, top, image.Width, image.Height);
        return image.Channels == 3 ? part : new Image(part.Width, part.Height, 1, Luma.Of(part).ToArray());
    }

    // A picture smaller than the image is enlarged as far as it must be.
    private static Image Covering(Image picture, Image image)
    {
        double scale = Math.Max((double)image.Width / picture.Width, (double)image.Height / picture.Height);
        return scale <= 1 ? picture : Resampler.Resize(
            picture,
            Math.Max(image.Width, (int)Math.Ceiling(picture.Width * scale)),
            Math.Max(image.Height, (int)Math.Ceiling(picture.Height * scale)),
            ResampleFilter.Bilinear);
    }

    private static Image InColour(Image picture) => picture.Channels == 3
        ? picture
        : new Image(picture.Width, picture.Height, 3, [.. picture.Samples.SelectMany(sample => Enumerable.Repeat(sample, 3))]);

    private static Image EveryFifth(Image picture)
    {
        var small = new Image(Math.Max(1, picture.Width / SmallStep), Math.Max(1, picture.Height / SmallStep), 3);
        for (int y = 0; y < small.Height; y++)
        {
            for (int x = 0; x < small.Width; x++)
            {
                int from = ((Centre(y, picture.Height) * picture.Width) + Centre(x, picture.Width)) * 3;
                int to = ((y * small.Width) + x) * 3;
                picture.Samples.AsSpan(from, 3).CopyTo(small.Samples.AsSpan(to));
            }
        }

        return small;

        static int Centre(int index, int length) => Math.Min((SmallStep * index) + (SmallStep / 2), length - 1);
    }

    // Needles: the ridges of one plasma fractal, in the density of another, in the colours of shaded ice. Mean and
    // deviation of its levels are near those of the benchmark's photographs (means 71 to 214, deviations 15 to 47).
    private static Image Procedural()
    {
        const int Side = 1024;
        float[] ridges = new float[Side * Side], density = new float[Side * Side];
        Plasma.Fill(ridges, Side, 1.35, CounterRandom.For(0, "frost/ridges", 0));
        Plasma.Fill(density, Side, 1.6, CounterRandom.For(0, "frost/density", 0));
        var picture = new Image(Side, Side, 3);
        for (int i = 0; i < ridges.Length; i++)
        {
            double ridge = 1 - Math.Abs((8 * ridges[i] % 2) - 1);
            double ice = Math.Clamp((0.35 * density[i]) + (0.65 * ridge * ridge), 0, 1);
            picture.Samples[3 * i] = (byte)(95 + (150 * ice));
            picture.Samples[(3 * i) + 1] = (byte)(122 + (126 * ice));
            picture.Samples[(3 * i) + 2] = (byte)(138 + (114 * ice));
        }

        return picture;
    }
}
