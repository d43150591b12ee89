using System.Buffers;
using System.Runtime.InteropServices;
using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging.TransformCoding;

/// <summary>
/// libjpeg-turbo (TurboJPEG API 2.1) with the accurate DCT, as Pillow has it: what the round trip without a file has
/// to equal, and what test files are written with.
/// </summary>
internal static unsafe partial class TurboJpeg
{
    private const string Library = "libturbojpeg.so.0";
    private const int FormatRgb = 0, FormatGrey = 6, Sampling420 = 2, SamplingGrey = 3;
    private const int FlagNoRealloc = 1024, FlagAccurateDct = 4096;

    /// <summary>Why tests that need it are skipped.</summary>
    public const string Missing = "needs libjpeg-turbo's libturbojpeg.so.0, to compare with";

    [ThreadStatic]
    private static nint _compressor;

    [ThreadStatic]
    private static nint _decompressor;

    public static bool IsPresent { get; } = NativeLibrary.TryLoad(Library, out _);

    public static byte[] Encode(Image image, int quality)
    {
        _compressor = _compressor == 0 ? tjInitCompress() : _compressor;
        int sampling = image.Channels == 1 ? SamplingGrey : Sampling420;
        byte[] file = ArrayPool<byte>.Shared.Rent((int)tjBufSize(image.Width, image.Height, sampling));
        fixed (byte* samples = image.Samples, start = file)
        {
            byte* buffer = start;
            var size = new CULong((uint)file.Length);
            int status = tjCompress2(
                _compressor, samples, image.Width, 0, image.Height, Format(image.Channels),
                &buffer, &size, sampling, quality, FlagNoRealloc | FlagAccurateDct);
            byte[] bytes = status == 0
                ? file[..(int)size.Value]
                : throw new InvalidOperationException("libjpeg-turbo could not encode.");
            ArrayPool<byte>.Shared.Return(file);
            return bytes;
        }
    }

    public static Image RoundTrip(Image image, int quality)
    {
        _decompressor = _decompressor == 0 ? tjInitDecompress() : _decompressor;
        byte[] file = Encode(image, quality);
        byte[] samples = GC.AllocateUninitializedArray<byte>(image.Samples.Length);
        fixed (byte* start = file, pixels = samples)
        {
            int status = tjDecompress2(
                _decompressor, start, new CULong((uint)file.Length), pixels, image.Width, 0, image.Height,
                Format(image.Channels), FlagAccurateDct);
            return status == 0
                ? new Image(image.Width, image.Height, image.Channels, samples)
                : throw new InvalidOperationException("libjpeg-turbo could not decode.");
        }
    }

    private static int Format(int channels) => channels == 1 ? FormatGrey : FormatRgb;

    [LibraryImport(Library)]
    private static partial nint tjInitCompress();

    [LibraryImport(Library)]
    private static partial nint tjInitDecompress();

    [LibraryImport(Library)]
    private static partial nuint tjBufSize(int width, int height, int sampling);

    [LibraryImport(Library)]
    private static partial int tjCompress2(
        nint handle, byte* samples, int width, int pitch, int height, int pixelFormat,
        byte** file, CULong* fileSize, int sampling, int quality, int flags);

    [LibraryImport(Library)]
    private static partial int tjDecompress2(
        nint handle, byte* file, CULong fileSize, byte* samples, int width, int pitch, int height, int pixelFormat, int flags);
}
