using System.Runtime.Intrinsics;
using AuditKit.Imaging.TransformCoding;

namespace AuditKit.Tests.Imaging.TransformCoding;

public sealed class DctTests
{
    private const int Side = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_forward_transform_is_eight_times_the_DCT_in_closed_form(int seed)
    {
        double[,,] samples = Random(seed, 256);
        BlockPair blocks = Pack(samples);
        ForwardDct.Transform(ref blocks);
        Compare(blocks, (block, v, u) => 8 * Sum((y, x) => Basis(v, y) * Basis(u, x) * samples[block, y, x]), tolerance: 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_inverse_transform_is_the_inverse_DCT_in_closed_form(int seed)
    {
        double[,,] coefficients = Random(seed, 400);
        BlockPair blocks = Pack(coefficients);
        InverseDct.Transform(ref blocks);
        Compare(blocks, (block, y, x) => Sum((v, u) => Basis(v, y) * Basis(u, x) * coefficients[block, v, u]), tolerance: 1);
    }

    [Fact]
    public void A_block_with_one_coefficient_comes_out_flat_as_it_does_by_the_long_way()
    {
        for (short level = -1150; level <= 1150; level++)
        {
            BlockPair blocks = default;
            blocks[0] = Vector256<short>.Zero.WithElement(0, level).WithElement(Side, (short)-level);
            InverseDct.Transform(ref blocks);
            BlockPair flat = blocks;
            Compare(flat, (block, _, _) => ((block == 0 ? level : -level) + 4) >> 3, tolerance: 0);
        }
    }

    [Fact]
    public void Every_coefficient_is_rounded_to_the_nearest_multiple_of_every_entry()
    {
        for (int q = 1; q <= 255; q++)
        {
            var quantisation = new Quantisation([.. Enumerable.Repeat((byte)q, Side * Side)]);
            for (int first = -8320; first < 8320; first += 2 * Side * Side)
            {
                BlockPair blocks = default;
                for (int row = 0; row < Side; row++)
                {
                    blocks[row] = Vector256.CreateSequence((short)(first + (2 * Side * row)), (short)1);
                }

                quantisation.RoundTrip(ref blocks);
                for (int i = 0; i < 2 * Side * Side; i++)
                {
                    int c = first + i;
                    int expected = Math.Sign(c) * ((Math.Abs(c) + (4 * q)) / (8 * q)) * q;
                    if (blocks[i / (2 * Side)][i % (2 * Side)] != expected)
                    {
                        Assert.Fail($"{c} by {q}: {blocks[i / (2 * Side)][i % (2 * Side)]} in place of {expected}.");
                    }
                }
            }
        }
    }

    [Fact]
    public void Lanes_are_moved_and_multiplied_on_every_processor_as_on_this_one()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            (Vector256<short> a, Vector256<short> b) = (Next(), Next());
            Assert.Equal(BlockLanes.Portable.InterleaveLower(a, b), BlockLanes.InterleaveLower(a, b));
            Assert.Equal(BlockLanes.Portable.InterleaveUpper(a, b), BlockLanes.InterleaveUpper(a, b));
            Assert.Equal(BlockLanes.Portable.InterleaveLower(a.AsByte(), b.AsByte()), BlockLanes.InterleaveLower(a.AsByte(), b.AsByte()));
            Assert.Equal(BlockLanes.Portable.InterleaveUpper(a.AsByte(), b.AsByte()), BlockLanes.InterleaveUpper(a.AsByte(), b.AsByte()));
            Assert.Equal(BlockLanes.Portable.InterleaveLower(a.AsInt32(), b.AsInt32()), BlockLanes.InterleaveLower(a.AsInt32(), b.AsInt32()));
            Assert.Equal(BlockLanes.Portable.InterleaveUpper(a.AsInt32(), b.AsInt32()), BlockLanes.InterleaveUpper(a.AsInt32(), b.AsInt32()));
            Assert.Equal(BlockLanes.Portable.InterleaveLower(a.AsInt64(), b.AsInt64()), BlockLanes.InterleaveLower(a.AsInt64(), b.AsInt64()));
            Assert.Equal(BlockLanes.Portable.InterleaveUpper(a.AsInt64(), b.AsInt64()), BlockLanes.InterleaveUpper(a.AsInt64(), b.AsInt64()));
            Assert.Equal(BlockLanes.Portable.MultiplyAddAdjacent(a, b), BlockLanes.MultiplyAddAdjacent(a, b));
            Assert.Equal(BlockLanes.Portable.MultiplyHigh(a, b), BlockLanes.MultiplyHigh(a, b));
            Assert.Equal(BlockLanes.Portable.MultiplyRound(a, b), BlockLanes.MultiplyRound(a, b));
            Assert.Equal(BlockLanes.Portable.Narrow(a.AsInt32(), b.AsInt32()), BlockLanes.Narrow(a.AsInt32(), b.AsInt32()));
            Assert.Equal(BlockLanes.Portable.Narrow(a, b), BlockLanes.Narrow(a, b));
            Assert.Equal(BlockLanes.Portable.ToBytes(a), BlockLanes.ToBytes(a));
        }

        // Every second vector is near the range of samples, where clipping begins.
        Vector256<short> Next()
        {
            Span<short> lanes = stackalloc short[Vector256<short>.Count];
            int range = random.Next(2) == 0 ? short.MaxValue : 300;
            foreach (ref short lane in lanes)
            {
                lane = (short)random.Next(-range - 1, range + 1);
            }

            return Vector256.Create<short>(lanes);
        }
    }

    private static double[,,] Random(int seed, int range)
    {
        var random = new Random(seed);
        var numbers = new double[2, Side, Side];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i / 64, i / 8 % 8, i % 8] = random.Next(-range / 2, range / 2);
        }

        return numbers;
    }

    private static BlockPair Pack(double[,,] numbers)
    {
        BlockPair blocks = default;
        for (int i = 0; i < numbers.Length; i++)
        {
            (int block, int y, int x) = (i / 64, i / 8 % 8, i % 8);
            blocks[y] = blocks[y].WithElement((block * Side) + x, (short)numbers[block, y, x]);
        }

        return blocks;
    }

    // A row of the orthonormal DCT matrix (T.81, A.3.3).
    private static double Basis(int frequency, int position)
        => Math.Sqrt((frequency == 0 ? 1.0 : 2.0) / Side) * Math.Cos(((2 * position) + 1) * frequency * Math.PI / (2 * Side));

    private static double Sum(Func<int, int, double> term)
        => Enumerable.Range(0, Side * Side).Sum(i => term(i / Side, i % Side));

    private static void Compare(BlockPair actual, Func<int, int, int, double> expected, double tolerance)
    {
        for (int i = 0; i < 2 * Side * Side; i++)
        {
            (int block, int y, int x) = (i / 64, i / 8 % 8, i % 8);
            Assert.Equal(expected(block, y, x), actual[y][(block * Side) + x], tolerance);
        }
    }
}
