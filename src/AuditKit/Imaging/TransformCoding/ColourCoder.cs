using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>Three components: luma for every pixel, chroma for every 2×2 pixels.</summary>
internal readonly ref struct ColourCoder
{
    private const int Channels = 3;

    // Pixels that share a vector of chroma samples.
    private const int Step = 2 * ColourConversion.Pixels;

    private readonly Image _image;
    private readonly Plane _luma;
    private readonly Plane _cb;
    private readonly Plane _cr;
    private readonly Span<byte> _upper;
    private readonly Span<byte> _lower;
    private readonly Span<short> _cbSums;
    private readonly Span<short> _crSums;

    /// <summary>Ready for an image, with <see cref="MemoryFor"/> as many bytes to work in.</summary>
    public ColourCoder(Image image, Span<byte> memory)
    {
        _image = image;
        (int width, int height) = ((image.Width + 1) / 2, (image.Height + 1) / 2);
        _luma = new Plane(ref memory, image.Width, image.Height);
        _cb = new Plane(ref memory, width, height);
        _cr = new Plane(ref memory, width, height);
        _upper = Plane.Take(ref memory, RgbRow(image.Width));
        _lower = Plane.Take(ref memory, RgbRow(image.Width));
        _cbSums = MemoryMarshal.Cast<byte, short>(Plane.Take(ref memory, SumsRow(width)));
        _crSums = MemoryMarshal.Cast<byte, short>(Plane.Take(ref memory, SumsRow(width)));
    }

    /// <summary>The bytes that an image takes.</summary>
    public static int MemoryFor(Image image)
    {
        (int width, int height) = ((image.Width + 1) / 2, (image.Height + 1) / 2);
        return checked(Plane.MemoryFor(image.Width, image.Height) + (2 * Plane.MemoryFor(width, height))
            + (2 * RgbRow(image.Width)) + (2 * SumsRow(width)));
    }

    /// <summary>Writes what comes back from a quality to an image of the same size.</summary>
    public void RoundTrip(int quality, Image result)
    {
        (Quantisation luma, Quantisation chroma) = (Quantisation.Luma(quality), Quantisation.Chroma(quality));
        for (int y = 0; y < _cb.Height; y++)
        {
            Convert(y);
            if (y == _cb.Height - 1)
            {
                _luma.RepeatLastRow();
                _cb.RepeatLastRow();
                _cr.RepeatLastRow();
                CodeAbove(Plane.Whole(_cb.Height, BlockPair.Side), luma, chroma);
            }
            else if ((y + 1) % BlockPair.Side == 0)
            {
                CodeAbove(y + 1, luma, chroma);
            }
        }

        for (int y = 0; y < _luma.Height; y++)
        {
            ConvertBack(y, result);
        }
    }

    private static int RgbRow(int width) => (Channels * Plane.Whole(width, Step)) + Vector128<byte>.Count;

    private static int SumsRow(int width) => sizeof(short) * (Plane.Whole(width, BlockPair.Width) + (2 * ChromaSampling.Margin));

    // As soon as there are enough rows for blocks of chroma, while they are in the processor's nearest cache.
    private void CodeAbove(int chromaRow, Quantisation luma, Quantisation chroma)
    {
        _cb.Code(chromaRow - BlockPair.Side, chroma);
        _cr.Code(chromaRow - BlockPair.Side, chroma);
        _luma.Code(2 * (chromaRow - BlockPair.Side), luma);
        if ((2 * chromaRow) - BlockPair.Side < _luma.Height)
        {
            _luma.Code((2 * chromaRow) - BlockPair.Side, luma);
        }
    }

    // Two rows of pixels, which give one of chroma. Below the last row of an odd number lies that row once more.
    private void Convert(int y)
    {
        int below = Math.Min((2 * y) + 1, _image.Height - 1);
        ref byte upper = ref Source(2 * y, _upper);
        ref byte lower = ref Source(below, _lower);
        ref byte upperLuma = ref MemoryMarshal.GetReference(_luma.Row(2 * y));
        ref byte lowerLuma = ref MemoryMarshal.GetReference(_luma.Row(below));
        ref byte cb = ref MemoryMarshal.GetReference(_cb.Row(y));
        ref byte cr = ref MemoryMarshal.GetReference(_cr.Row(y));
        for (int x = 0; x < _luma.Stride; x += ColourConversion.Pixels)
        {
            ColourConversion.FromRgb(ref Unsafe.Add(ref upper, Channels * x), out Vector256<short> upperCb, out Vector256<short> upperCr)
                .StoreUnsafe(ref upperLuma, (nuint)x);
            ColourConversion.FromRgb(ref Unsafe.Add(ref lower, Channels * x), out Vector256<short> lowerCb, out Vector256<short> lowerCr)
                .StoreUnsafe(ref lowerLuma, (nuint)x);
            Vector128<byte> means = ChromaSampling.Average(upperCb + lowerCb, upperCr + lowerCr);
            means.GetLower().StoreUnsafe(ref cb, (nuint)(x / 2));
            means.GetUpper().StoreUnsafe(ref cr, (nuint)(x / 2));
        }
    }

    // A row of pixels, the last one repeated up to the stride: where it lies if nothing is missing, else copied.
    private ref byte Source(int y, Span<byte> copy)
    {
        Span<byte> row = _image.Samples.AsSpan(y * Channels * _image.Width);
        int length = Channels * _image.Width;
        if (_image.Width == _luma.Stride && length + ColourConversion.Slack <= row.Length)
        {
            return ref row[0];
        }

        row[..length].CopyTo(copy);
        for (int i = length; i < Channels * _luma.Stride; i++)
        {
            copy[i] = copy[i - Channels];
        }

        return ref copy[0];
    }

    // Rows are converted in order, so what is written beyond the end of one is overwritten by the next. Only near the
    // image's end there is no room for that. Luma is read up to 16 samples beyond the stride: other planes follow it.
    private void ConvertBack(int y, Image result)
    {
        Span<byte> target = result.Samples.AsSpan(y * Channels * _image.Width);
        bool inPlace = (2 * Channels * _cb.Stride) + ColourConversion.Slack <= target.Length;
        ref byte rgb = ref MemoryMarshal.GetReference(inPlace ? target : _upper);
        ref byte luma = ref MemoryMarshal.GetReference(_luma.Row(y));
        ref byte cb = ref MemoryMarshal.GetReference(_cb.Row(y / 2));
        ref byte cr = ref MemoryMarshal.GetReference(_cr.Row(y / 2));
        ref short cbSums = ref MemoryMarshal.GetReference(_cbSums);
        ref short crSums = ref MemoryMarshal.GetReference(_crSums);
        bool filtered = _cb.Width >= ChromaSampling.NarrowestFiltered;
        if (filtered)
        {
            int far = Math.Clamp((y / 2) + (y % 2 == 0 ? -1 : 1), 0, _cb.Height - 1);
            ChromaSampling.SumColumns(
                ref cb, ref MemoryMarshal.GetReference(_cb.Row(far)), _cb.Width, _cb.Stride, ref cbSums);
            ChromaSampling.SumColumns(
                ref cr, ref MemoryMarshal.GetReference(_cr.Row(far)), _cr.Width, _cr.Stride, ref crSums);
        }

        for (int x = 0; x < _cb.Stride; x += ColourConversion.Pixels)
        {
            Vector256<byte> cbs = filtered ? ChromaSampling.Filter(ref cbSums, x) : ChromaSampling.Repeat(ref cb);
            Vector256<byte> crs = filtered ? ChromaSampling.Filter(ref crSums, x) : ChromaSampling.Repeat(ref cr);
            Vector256<byte> lumas = Vector256.LoadUnsafe(ref luma, (nuint)(2 * x));
            ref byte pixels = ref Unsafe.Add(ref rgb, 2 * Channels * x);
            ColourConversion.ToRgb(lumas.GetLower(), cbs.GetLower(), crs.GetLower(), ref pixels);
            pixels = ref Unsafe.Add(ref pixels, Channels * ColourConversion.Pixels);
            ColourConversion.ToRgb(lumas.GetUpper(), cbs.GetUpper(), crs.GetUpper(), ref pixels);
        }

        if (!inPlace)
        {
            _upper[..(Channels * _image.Width)].CopyTo(target);
        }
    }
}
