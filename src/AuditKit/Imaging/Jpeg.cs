using System.Runtime.InteropServices;
using AuditKit.Imaging.Files;

namespace AuditKit.Imaging;

/// <summary>
/// JPEG files through libjpeg-turbo (TurboJPEG API 2.1), set up as Pillow sets it up: accurate integer DCT and smooth
/// ("fancy") chroma upsampling. With the same libjpeg-turbo the pixels are Pillow's. Files are decoded by ImageSharp where
/// the machine has no libjpeg-turbo. Safe to call from several threads.
/// </summary>
public static partial class Jpeg
{
    // libjpeg's words for what some cameras leave behind the last pixel.
    private const string StrayBytesBeforeEnd = "extraneous bytes before marker 0xd9";

    [ThreadStatic]
    private static TurboHandle? _decompressor;

    /// <summary>
    /// Decodes a file and turns it upright by its EXIF orientation. Grey stays grey, YCbCr and RGB become RGB, and
    /// CMYK and YCCK, taken as inverted like Adobe writes them, become RGB by Pillow's formula. Colour profiles are
    /// ignored.
    /// </summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="AuditException">Not a JPEG, over <see cref="ImageFile.MaxPixels"/>, truncated or corrupt.</exception>
    public static Image Decode(ReadOnlySpan<byte> file, string name = "JPEG image")
        => JpegFormat.Instance.Read(file, name, ImageCodecs.Here);

    /// <summary><see cref="Decode"/>, by libjpeg-turbo.</summary>
    /// <exception cref="AuditException">
    /// As for <see cref="Decode"/>. libjpeg would fill what is missing with grey and only warn, and it shows its first
    /// warning alone, so every warning is an error here but one: stray bytes before the end marker, after the last pixel.
    /// </exception>
    internal static unsafe Image DecodeByTurbo(ReadOnlySpan<byte> file, string name)
    {
        TurboHandle handle = _decompressor ??= TurboHandle.Decompressor();
        fixed (byte* start = file)
        {
            // The header call also fails where only the chroma sampling has no name; size and colour space count.
            int width = 0, height = 0, colourSpace = -1;
            _ = tjDecompressHeader3(handle, start, new CULong((uint)file.Length), &width, &height, out _, &colourSpace);
            if (width < 1 || height < 1 || colourSpace < 0)
            {
                throw ImageFile.Unreadable(name, "JPEG", GiveUp(ref _decompressor));
            }

            ImageFile.CheckSize(name, width, height);
            int channels = colourSpace switch { ColourGrey => 1, ColourCmyk or ColourYcck => 4, _ => 3 };
            byte[] samples = GC.AllocateUninitializedArray<byte>(width * height * channels);
            fixed (byte* pixels = samples)
            {
                int status = tjDecompress2(
                    handle, start, new CULong((uint)file.Length), pixels, width, 0, height,
                    PixelFormat(channels), FlagAccurateDct | FlagLimitScans);
                if (status != 0 && !handle.Error().EndsWith(StrayBytesBeforeEnd, StringComparison.Ordinal))
                {
                    throw ImageFile.Unreadable(name, "JPEG", GiveUp(ref _decompressor));
                }
            }

            Image image = channels == 4
                ? new Image(width, height, 3, InvertedCmykToRgb(samples))
                : new Image(width, height, channels, samples);
            return ExifOrientation.Upright(image, JpegFormat.Exif(file));
        }
    }

    // The reason of a failure. The handle is left in mid-file by it and would fail on the next file too.
    private static string GiveUp(ref TurboHandle? handle)
    {
        string reason = handle!.Error();
        handle.Dispose();
        handle = null;
        return reason;
    }

    // What Pillow does after inverting: k = 255 − K, R = k − C·k/255 (rounded). In place: RGB is shorter.
    private static byte[] InvertedCmykToRgb(byte[] cmyk)
    {
        int to = 0;
        for (int from = 0; from < cmyk.Length; from += 4)
        {
            int k = cmyk[from + 3];
            for (int c = 0; c < 3; c++)
            {
                int product = ((255 - cmyk[from + c]) * k) + 128;
                cmyk[to++] = (byte)(k - ((product + (product >> 8)) >> 8));
            }
        }

        return cmyk.AsSpan(0, to).ToArray();
    }

    private static int PixelFormat(int channels) => channels switch { 1 => FormatGrey, 3 => FormatRgb, _ => FormatCmyk };

    // turbojpeg.h
    private const int FormatRgb = 0, FormatGrey = 6, FormatCmyk = 11;
    private const int ColourGrey = 2, ColourCmyk = 3, ColourYcck = 4;
    private const int FlagAccurateDct = 4096, FlagLimitScans = 32768;
    private const string Library = SystemLibrary.TurboJpegName;

    [LibraryImport(Library)]
    private static partial nint tjInitDecompress();

    [LibraryImport(Library)]
    private static partial int tjDestroy(nint handle);

    [LibraryImport(Library)]
    private static partial nint tjGetErrorStr2(TurboHandle handle);

    [LibraryImport(Library)]
    private static unsafe partial int tjDecompressHeader3(
        TurboHandle handle, byte* file, CULong fileSize, int* width, int* height, out int sampling, int* colourSpace);

    [LibraryImport(Library)]
    private static unsafe partial int tjDecompress2(
        TurboHandle handle, byte* file, CULong fileSize, byte* samples, int width, int pitch, int height,
        int pixelFormat, int flags);

    /// <summary>One decompressor. A thread keeps its own, freed by the finaliser after the thread has ended.</summary>
    private sealed class TurboHandle : SafeHandle
    {
        private TurboHandle(nint handle)
            : base(0, ownsHandle: true) => SetHandle(handle);

        public override bool IsInvalid => handle == 0;

        public static TurboHandle Decompressor() => Started(tjInitDecompress);

        public string Error() => Marshal.PtrToStringUTF8(tjGetErrorStr2(this)) ?? "no reason given";

        protected override bool ReleaseHandle() => tjDestroy(handle) == 0;

        private static TurboHandle Started(Func<nint> start)
        {
            if (SystemLibrary.TurboJpeg.Name is null)
            {
                throw new AuditException("This machine has no libjpeg-turbo (libturbojpeg).", ExitCode.Error);
            }

            var started = new TurboHandle(start());
            return started.IsInvalid
                ? throw new AuditException("libjpeg-turbo could not be started: out of memory.", ExitCode.Error)
                : started;
        }
    }
}
