using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace AuditKit.Imaging.Files;

/// <summary>
/// ImageSharp's decoders, one file at a time: the size is known to be allowed before pixels are decoded. Formats hand
/// over files whose parts they have found complete, because most of these decoders fill in what is missing.
/// </summary>
internal static class ManagedDecoder
{
    private static readonly Configuration s_settings = new() { MemoryAllocator = new ClearedMemory(), MaxDegreeOfParallelism = 1 };

    /// <summary>The first frame of a file, alpha dropped, as it is stored.</summary>
    /// <param name="decoder">The format's decoder; it must be able to identify files, too.</param>
    /// <param name="file">The file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="isGrey">Whether it holds grey levels, which become one channel.</param>
    /// <param name="is16Bit">Whether its samples have 16 bits: they are rounded to 8 (v·255/65535).</param>
    /// <exception cref="AuditException">The image is over <see cref="ImageFile.MaxPixels"/>.</exception>
    public static Image Decode(IImageDecoder decoder, byte[] file, string name, bool isGrey, bool is16Bit)
    {
        using var stream = new MemoryStream(file);
        IImageInfo info = ((IImageInfoDetector)decoder).Identify(s_settings, stream, default)
            ?? throw new InvalidDataException("it has no header");
        ImageFile.CheckSize(name, info.Width, info.Height);
        stream.Position = 0;
        if (is16Bit)
        {
            using var wide = decoder.Decode<Rgb48>(s_settings, stream, default);
            ushort[] samples = new ushort[3 * wide.Width * wide.Height];
            wide.CopyPixelDataTo(MemoryMarshal.Cast<ushort, Rgb48>(samples.AsSpan()));
            return Packed(wide.Width, wide.Height, isGrey, samples, value => (byte)(((value * 255u) + 32895) >> 16));
        }

        using var image = decoder.Decode<Rgb24>(s_settings, stream, default);
        byte[] bytes = new byte[3 * image.Width * image.Height];
        image.CopyPixelDataTo(bytes);
        return isGrey ? Packed(image.Width, image.Height, isGrey, bytes, value => value) : new Image(image.Width, image.Height, 3, bytes);
    }

    private static Image Packed<T>(int width, int height, bool isGrey, T[] rgb, Func<T, byte> level)
    {
        var image = new Image(width, height, isGrey ? 1 : 3);
        int step = isGrey ? 3 : 1;
        for (int i = 0; i < image.Samples.Length; i++)
        {
            image.Samples[i] = level(rgb[i * step]);
        }

        return image;
    }

    /// <summary>
    /// Memory that is always cleared: where a decoder reads on behind a damaged file's end, it finds zeros and not
    /// what the last file left there. And not without bounds: a file can lie about more than its size.
    /// </summary>
    private sealed class ClearedMemory : MemoryAllocator
    {
        /// <summary>The largest image in its widest form, 16-bit RGBA, with room to spare.</summary>
        private const long MaxBytes = 9L * ImageFile.MaxPixels;

        /// <inheritdoc/>
        public override IMemoryOwner<T> Allocate<T>(int length, AllocationOptions options = AllocationOptions.None)
            => (long)length * Unsafe.SizeOf<T>() <= MaxBytes
                ? new Owner<T>(new T[length])
                : throw new InvalidMemoryOperationException("it asks for more memory than an image may need");

        /// <inheritdoc/>
        protected override int GetBufferCapacityInBytes() => 4 << 20;

        private sealed class Owner<T>(T[] array) : IMemoryOwner<T>
        {
            public Memory<T> Memory => array;

            public void Dispose()
            {
            }
        }
    }
}
