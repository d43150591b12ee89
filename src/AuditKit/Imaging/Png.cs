using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AuditKit.Imaging;

/// <summary>
/// PNG through libpng's simplified API (libpng-manual, section V). Only the critical chunks (header, palette, pixels)
/// reach the library: so gamma, colour profiles and transparency change no sample, as in Pillow, and text or profile
/// chunks cannot cost memory. Safe to call from several threads.
/// </summary>
public static partial class Png
{
    private const int ChunkOverhead = 12;

    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Encodes an image: 8 bits, grey or RGB, without losing anything.</summary>
    /// <param name="image">Grey or RGB.</param>
    /// <returns>The file's bytes; the same for the same image and library.</returns>
    /// <exception cref="AuditException">libpng failed: out of memory.</exception>
    public static unsafe byte[] Encode(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var png = new PngImage
        {
            Version = 1,
            Width = (uint)image.Width,
            Height = (uint)image.Height,
            Format = image.Channels == 1 ? FormatGrey : FormatRgb,
        };

        // Deflate's stored blocks and the chunks around them add far less than an eighth.
        long bound = (image.Samples.LongLength + image.Height) * 9 / 8 + 4096;
        byte[] file = GC.AllocateUninitializedArray<byte>(checked((int)bound));
        nuint size = (nuint)file.Length;
        fixed (byte* samples = image.Samples, start = file)
        {
            return png_image_write_to_memory(&png, start, &size, 0, samples, 0, null) != 0
                ? file.AsSpan(0, (int)size).ToArray()
                : throw new AuditException($"PNG encoding failed: {png.Text()}.", ExitCode.Error);
        }
    }

    /// <summary>
    /// Decodes a file and turns it upright by its EXIF orientation. Grey of any depth gives one channel, RGB and
    /// palettes three. Alpha is dropped, not composited: the colours are those stored, as with Pillow's
    /// <c>convert("RGB")</c>. Samples of 1 to 8 bits equal Pillow's; 16-bit samples are rounded to 8 bits
    /// (v·255/65535), where Pillow cuts off RGB's low byte and clips grey at 255.
    /// </summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="AuditException">Not a PNG, over <see cref="ImageFile.MaxPixels"/>, truncated or corrupt.</exception>
    public static unsafe Image Decode(ReadOnlySpan<byte> file, string name = "PNG image")
    {
        byte[] critical = CriticalChunks(file, name, out ReadOnlySpan<byte> exif);
        PngImage png = new() { Version = 1 };
        try
        {
            fixed (byte* start = critical)
            {
                if (png_image_begin_read_from_memory(&png, start, (nuint)critical.Length) == 0)
                {
                    throw ImageFile.Unreadable(name, "PNG", png.Text());
                }

                // Alpha is asked for where the file has it: without, libpng would composite on black.
                png.Format &= FormatAlpha | FormatRgb;
                png.Flags |= Flag16BitIsSrgb;
                int channels = (png.Format & FormatRgb) != 0 ? 3 : 1;
                int stored = channels + ((png.Format & FormatAlpha) != 0 ? 1 : 0);
                byte[] samples = GC.AllocateUninitializedArray<byte>(checked((int)(png.Width * png.Height * stored)));
                fixed (byte* pixels = samples)
                {
                    if (png_image_finish_read(&png, null, pixels, 0, null) == 0)
                    {
                        throw ImageFile.Unreadable(name, "PNG", png.Text());
                    }
                }

                samples = stored == channels ? samples : WithoutAlpha(samples, channels);
                return ExifOrientation.Upright(new Image((int)png.Width, (int)png.Height, channels, samples), exif);
            }
        }
        finally
        {
            png_image_free(&png);
        }
    }

    /// <summary>The file without its ancillary chunks, once its size is known to be allowed and its end to be there.</summary>
    private static byte[] CriticalChunks(ReadOnlySpan<byte> file, string name, out ReadOnlySpan<byte> exif)
    {
        const byte Ancillary = 0x20;
        exif = [];
        var critical = new byte[file.Length];
        file[..Signature.Length].CopyTo(critical);
        int written = Signature.Length;
        ReadOnlySpan<byte> rest = file[Signature.Length..];
        while (rest.Length >= ChunkOverhead)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            ReadOnlySpan<byte> type = rest[4..8];
            if (length + ChunkOverhead > rest.Length)
            {
                break;
            }

            ReadOnlySpan<byte> chunk = rest[..((int)length + ChunkOverhead)];
            if (type.SequenceEqual("IHDR"u8) && length >= 8)
            {
                ImageFile.CheckSize(
                    name, BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]));
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                exif = chunk[8..^4];
            }

            if ((type[0] & Ancillary) == 0)
            {
                chunk.CopyTo(critical.AsSpan(written));
                written += chunk.Length;
            }

            if (type.SequenceEqual("IEND"u8))
            {
                return critical[..written];
            }

            rest = rest[chunk.Length..];
        }

        throw ImageFile.Unreadable(name, "PNG", "the file ends before its end chunk");
    }

    private static byte[] WithoutAlpha(byte[] samples, int channels)
    {
        var colours = new byte[samples.Length / (channels + 1) * channels];
        for (int from = 0, to = 0; to < colours.Length; from += channels + 1, to += channels)
        {
            samples.AsSpan(from, channels).CopyTo(colours.AsSpan(to));
        }

        return colours;
    }

    // png.h
    private const uint FormatGrey = 0, FormatAlpha = 1, FormatRgb = 2, Flag16BitIsSrgb = 4;
    private const string Library = "libpng16.so.16";

    [LibraryImport(Library)]
    private static unsafe partial int png_image_begin_read_from_memory(PngImage* image, byte* memory, nuint size);

    [LibraryImport(Library)]
    private static unsafe partial int png_image_finish_read(
        PngImage* image, void* background, byte* samples, int rowStride, void* colourMap);

    [LibraryImport(Library)]
    private static unsafe partial int png_image_write_to_memory(
        PngImage* image, byte* memory, nuint* size, int convertTo8Bit, byte* samples, int rowStride, void* colourMap);

    [LibraryImport(Library)]
    private static unsafe partial void png_image_free(PngImage* image);

    /// <summary>libpng's <c>png_image</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct PngImage
    {
        public nint Opaque;
        public uint Version;
        public uint Width;
        public uint Height;
        public uint Format;
        public uint Flags;
        public uint ColourMapEntries;
        public uint WarningOrError;
        public fixed byte Message[64];

        public readonly string Text()
        {
            fixed (byte* message = Message)
            {
                return Marshal.PtrToStringUTF8((nint)message) ?? "";
            }
        }
    }
}
