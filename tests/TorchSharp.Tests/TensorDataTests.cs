using System.Runtime.InteropServices;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class TensorDataTests
{
    [Fact]
    public void Arrays_of_every_type_come_back_as_they_were()
    {
        using DisposeScope scope = NewDisposeScope();
        RoundTrip<bool>([true, false, true], ScalarType.Bool);
        RoundTrip<byte>([1, 255, 0], ScalarType.Byte);
        RoundTrip<sbyte>([1, -128, 0], ScalarType.Int8);
        RoundTrip<short>([1, short.MinValue, 0], ScalarType.Int16);
        RoundTrip<int>([1, int.MinValue, 0], ScalarType.Int32);
        RoundTrip<long>([1, long.MinValue, 0], ScalarType.Int64);
        RoundTrip([(Half)1.5, Half.NaN, (Half)0], ScalarType.Float16);
        RoundTrip([1.5f, float.NaN, 0], ScalarType.Float32);
        RoundTrip([1.5, double.NegativeInfinity, 0], ScalarType.Float64);

        static void RoundTrip<T>(T[] values, ScalarType type)
            where T : unmanaged
        {
            Tensor tensor = from_array(values);
            Assert.Equal(type, tensor.dtype);
            Assert.Equal(values, tensor.data<T>().ToArray());
        }
    }

    [Fact]
    public void Arrays_of_higher_rank_keep_their_shape()
    {
        using DisposeScope scope = NewDisposeScope();
        int[,,] cube = { { { 1, 2, 3 }, { 4, 5, 6 } } };
        Tensor tensor = from_array(cube);
        Assert.Equal([1L, 2, 3], tensor.shape);
        Assert.Equal(cube, tensor.data<int>().ToNDArray());
        Assert.Equal(new float[,] { { 1, 2 } }, torch.tensor(new float[,] { { 1, 2 } }).data<float>().ToNDArray());
    }

    [Fact]
    public void Elements_are_read_and_written_in_row_major_order_whatever_the_strides()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor matrix = arange(6f).reshape(2, 3);
        TensorAccessor<float> turned = matrix.t().data<float>();
        Assert.Equal([0f, 3, 1, 4, 2, 5], turned.ToArray());
        Assert.Equal([0f, 3, 1, 4, 2, 5], turned);
        Assert.Equal(4, turned[1, 1]);
        turned[2, 0] = 9;
        Assert.Equal(9, matrix[0, 2].item<float>());
        turned.CopyFrom([7, 8], tensorIndex: 4);
        Assert.Equal([0f, 1, 7, 3, 4, 8], matrix.data<float>().ToArray());
        float[] tail = new float[2];
        turned.CopyTo(tail, tensorIndex: 4);
        Assert.Equal([7f, 8], tail);
        Assert.Throws<ArgumentOutOfRangeException>(() => turned[6]);
        Assert.Throws<ArgumentOutOfRangeException>(() => turned[0, 2]);
    }

    [Fact]
    public void Bytes_are_the_memory_itself_and_need_it_in_one_piece()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor matrix = zeros(2, 2);
        MemoryMarshal.Cast<byte, float>(matrix.bytes)[3] = 5;
        Assert.Equal(5, matrix[1, 1].item<float>());
        matrix[0].bytes = new byte[8];
        Assert.Throws<ArgumentException>(() => matrix.bytes = new byte[3]);
        Assert.Throws<InvalidOperationException>(() => arange(4f).reshape(2, 2).t().bytes.Length);
    }

    [Fact]
    public void Streams_carry_the_elements_of_any_layout()
    {
        using DisposeScope scope = NewDisposeScope();
        using var memory = new MemoryStream();
        Tensor turned = arange(6f).reshape(2, 3).t().requires_grad_();
        turned.WriteBytesToStream(memory, bufferSize: 7);
        memory.Position = 0;
        Tensor read = zeros(3, 2);
        read.ReadBytesFromStream(memory, bufferSize: 5);
        Assert.True(read.Equals(turned.detach()));
        Assert.Throws<EndOfStreamException>(() => read.ReadBytesFromStream(memory));
    }

    [Fact]
    public void Conversions_round_towards_zero_and_can_dispose_their_source()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor source = tensor([1.9f, -1.9f]);
        Tensor whole = source.to(int64, disposeAfter: true);
        Assert.Equal([1L, -1], whole.data<long>().ToArray());
        Assert.True(source.IsInvalid);
        Assert.Equal(ScalarType.BFloat16, whole.to(bfloat16).dtype);
        Tensor same = whole.to(int64), copied = whole.to(int64, copy: true);
        whole.fill_(5);
        Assert.Equal(5, same[0].item<long>());
        Assert.Equal(1, copied[0].item<long>());
    }

    [Fact]
    public void A_tensor_describes_itself()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor tensor = zeros(2, 3, 4).permute(2, 0, 1);
        Assert.Equal("[4x2x3], type = Float32, device = cpu", tensor.ToString());
        Assert.Equal("[], type = Float32, device = cpu, value = 2.5", torch.tensor(2.5f).ToString());
        Assert.Equal([4L, 2, 3], tensor.size());
        Assert.Equal([1L, 12, 4], tensor.stride());
        Assert.Equal(3, tensor.size(-1));
        Assert.Equal(4, tensor.stride(2));
        Assert.Equal(24, tensor.numel());
        Assert.Equal(3, tensor.dim());
        Assert.Equal(4, tensor.element_size());
        Assert.False(tensor.is_contiguous());
        Assert.True(tensor.contiguous().is_contiguous());
        Assert.True(tensor.is_cpu());
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.size(3));
    }

    [Fact]
    public void Scalars_convert_both_ways()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor number = 2.5f;
        Assert.Equal(0, number.ndim);
        Assert.Equal(2.5, (double)number);
        Assert.Equal(2, (long)torch.tensor(2.9));
        Assert.True((bool)torch.tensor(true));
        Assert.Equal(3, torch.tensor(3L).ToScalar().ToInt32());
        Assert.Equal(ScalarType.Bool, torch.tensor(true).ToScalar().Type);
    }
}
