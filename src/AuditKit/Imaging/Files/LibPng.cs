using System.Runtime.InteropServices;

namespace AuditKit.Imaging.Files;

/// <summary>libpng's simplified API (libpng-manual, section V). Safe to call from several threads.</summary>
internal static partial class LibPng
{
    /// <summary>The library's version: <c>1.6.39</c>.</summary>
    public static string Version
    {
        get
        {
            uint number = png_access_version_number();
            return $"{number / 10000}.{number / 100 % 100}.{number % 100}";
        }
    }

    /// <summary>Decodes a file of critical chunks; alpha is dropped, not composited.</summary>
    public static unsafe Image Decode(byte[] file, string name)
    {
        PngImage png = new() { Version = 1 };
        try
        {
            fixed (byte* start = file)
            {
                if (png_image_begin_read_from_memory(&png, start, (nuint)file.Length) == 0)
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

                return new Image((int)png.Width, (int)png.Height, channels, stored == channels ? samples : WithoutAlpha(samples, channels));
            }
        }
        finally
        {
            png_image_free(&png);
        }
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
    private const uint FormatAlpha = 1, FormatRgb = 2, Flag16BitIsSrgb = 4;
    private const string Library = SystemLibrary.LibPngName;

    [LibraryImport(Library)]
    private static partial uint png_access_version_number();

    [LibraryImport(Library)]
    private static unsafe partial int png_image_begin_read_from_memory(PngImage* image, byte* memory, nuint size);

    [LibraryImport(Library)]
    private static unsafe partial int png_image_finish_read(
        PngImage* image, void* background, byte* samples, int rowStride, void* colourMap);

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
