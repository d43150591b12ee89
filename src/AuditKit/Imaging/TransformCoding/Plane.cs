using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>The samples of one component, with room for whole blocks beyond its right and lower edges.</summary>
internal readonly ref struct Plane
{
    private readonly Span<byte> _samples;

    /// <summary>A plane at the start of a memory, which then begins behind it.</summary>
    /// <param name="memory">At least <see cref="MemoryFor"/> bytes.</param>
    /// <param name="width">The component's width in samples.</param>
    /// <param name="height">The component's height in samples.</param>
    public Plane(scoped ref Span<byte> memory, int width, int height)
    {
        (Width, Height, Stride) = (width, height, Whole(width, BlockPair.Width));
        _samples = Take(ref memory, MemoryFor(width, height));
    }

    /// <summary>Samples in a row that belong to the image.</summary>
    public int Width { get; }

    /// <summary>Rows that belong to the image.</summary>
    public int Height { get; }

    /// <summary>Samples from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>The bytes that a plane takes.</summary>
    public static int MemoryFor(int width, int height)
        => checked(Whole(width, BlockPair.Width) * Whole(height, BlockPair.Side));

    /// <summary>A length, rounded up to a multiple.</summary>
    public static int Whole(int length, int of) => checked(length + of - 1) / of * of;

    /// <summary>Cuts bytes off the start of a memory.</summary>
    public static Span<byte> Take(scoped ref Span<byte> memory, int length)
    {
        Span<byte> taken = memory[..length];
        memory = memory[length..];
        return taken;
    }

    /// <summary>A row, with the samples beyond the edge.</summary>
    public Span<byte> Row(int y) => _samples.Slice(y * Stride, Stride);

    /// <summary>Fills the rows beyond the lower edge.</summary>
    public void RepeatLastRow()
    {
        Span<byte> last = Row(Height - 1);
        for (int y = Height; y * Stride < _samples.Length; y++)
        {
            last.CopyTo(Row(y));
        }
    }

    /// <summary>Takes a row of blocks through the transform and the quantisation and back.</summary>
    /// <param name="top">The first row of samples, a multiple of 8.</param>
    /// <param name="quantisation">The component's table.</param>
    public void Code(int top, Quantisation quantisation)
    {
        ref byte first = ref MemoryMarshal.GetReference(_samples.Slice(top * Stride, BlockPair.Side * Stride));
        Unsafe.SkipInit(out BlockPair blocks);
        for (int x = 0; x < Stride; x += BlockPair.Width)
        {
            ref byte corner = ref Unsafe.Add(ref first, x);
            blocks.Load(ref corner, Stride);
            ForwardDct.Transform(ref blocks);
            quantisation.RoundTrip(ref blocks);
            InverseDct.Transform(ref blocks);
            blocks.Store(ref corner, Stride);
        }
    }
}
