using System.Runtime.Intrinsics.X86;
using AuditKit.Training.Libtorch;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Convolution and its transpose, over 1 to 3 spatial dimensions.</summary>
internal static class Convolution
{
    /// <summary>
    /// The widest output that is better computed as one matrix product in bfloat16: oneDNN's kernels fill the 16 rows of an
    /// AMX tile from one row of the image, and leave most of it empty where that is short.
    /// </summary>
    private const int NarrowOutput = 4;

    // CPUID leaf 7, EDX bit 22: AMX-BF16. Without it the product's copies cost more than they save.
    private static readonly bool s_hasTiles = X86Base.IsSupported && (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0;

    public static void Register(OperatorTable table)
    {
        table.Add("Conv", new Operator(c => [Forward(c)]) { Multiplies = true });
        table.Add("ConvTranspose", new Operator(c => [Transposed(c)]) { Multiplies = true });
    }

    private static Tensor Forward(NodeContext c)
    {
        (Tensor x, Tensor weight, Tensor? bias) = (c.X, c.Input(1), c.Optional(2));
        var window = Window.Read(c, x, weight.shape[2..]);
        (long[] strides, long[] dilations) = (window.Strides, window.Dilations);
        long groups = c.Int("group", 1);
        long[] pads = window.Begin;
        if (!window.IsSymmetric)
        {
            (x, pads) = (window.Pad(x, 0), new long[strides.Length]);
        }

        RequireDimensions(c, strides.Length);
        return s_hasTiles && strides.Length == 2 && groups == 1 && x.dtype == ScalarType.BFloat16 && x.device_type == DeviceType.CPU && OutputWidth() <= NarrowOutput
            ? AsMatrixProduct(x, weight, bias, window, pads)
            : Convolutions.Forward(LibtorchEngine.Kernels, x, weight, bias, strides, pads, dilations, groups);

        long OutputWidth() => ((x.shape[3] + (2 * pads[1]) - window.Extent(1)) / strides[1]) + 1;
    }

    /// <summary>A convolution as one product: what every tap of the kernel sees side by side (N·H·W × k·l·C), times the kernels.</summary>
    internal static Tensor AsMatrixProduct(Tensor x, Tensor weight, Tensor? bias, Window window, long[] pads)
    {
        (long filters, long channels, long height, long width) = (weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3]);
        Tensor padded = F.pad(x.permute(0, 2, 3, 1), [0, 0, pads[1], pads[1], pads[0], pads[0]]);
        Tensor[] seen =
        [
            .. from tap in Enumerable.Range(0, (int)(height * width))
               let rows = Seen(padded, 0, tap / width)
               select Seen(rows, 1, tap % width),
        ];
        Tensor product = MatrixProduct.Of(cat(seen, 3).flatten(0, 2), weight.permute(2, 3, 1, 0).reshape(height * width * channels, filters));
        product = bias is null ? product : product + bias;
        return product.view(seen[0].shape[0], seen[0].shape[1], seen[0].shape[2], filters).permute(0, 3, 1, 2);

        // What one tap sees along a dimension, as the window goes from the first place to the last.
        Tensor Seen(Tensor images, int dimension, long tap)
        {
            long first = tap * window.Dilations[dimension];
            long end = first + images.shape[dimension + 1] - window.Extent(dimension) + 1;
            return images.slice(dimension + 1, first, end, window.Strides[dimension]);
        }
    }

    private static Tensor Transposed(NodeContext c)
    {
        (Tensor x, Tensor weight, Tensor? bias) = (c.X, c.Input(1), c.Optional(2));
        var window = Window.Read(c, x, weight.shape[2..], transposed: true);
        (long[] strides, long[] dilations) = (window.Strides, window.Dilations);
        int rank = strides.Length;
        long groups = c.Int("group", 1);
        long[] extra = c.Ints("output_padding") ?? new long[rank];
        (long[] begin, long[] end) = (window.Begin, window.End);
        long[]? wanted = c.Ints("output_shape")
            ?? (window.IsSame ? [.. x.shape[2..].Zip(strides, (size, stride) => size * stride)] : null);
        if (wanted is not null)
        {
            // The padding is what is too much; older files also give N and C.
            wanted = wanted[^rank..];
            for (int i = 0; i < rank; i++)
            {
                long full = (strides[i] * (x.shape[i + 2] - 1)) + extra[i] + window.Extent(i);
                long total = Math.Max(0, full - wanted[i]);
                extra[i] += Math.Max(0, wanted[i] - full);
                begin[i] = window.IsSameUpper ? total / 2 : total - (total / 2);
                end[i] = total - begin[i];
            }
        }

        // libtorch pads both sides alike, so the rest of the longer side is cut off afterwards.
        long[] pads = [.. begin.Zip(end, Math.Min)];
        RequireDimensions(c, rank);
        Tensor result = Convolutions.Transposed(LibtorchEngine.Kernels, x, weight, bias, strides, pads, extra, dilations, groups);
        for (int i = 0; i < rank; i++)
        {
            if (begin[i] != end[i])
            {
                long size = result.shape[i + 2] - (begin[i] - pads[i]) - (end[i] - pads[i]);
                result = result.narrow(i + 2, begin[i] - pads[i], size);
            }
        }

        return result;
    }

    private static void RequireDimensions(NodeContext c, int rank)
    {
        if (rank is < 1 or > Convolutions.MostDimensions)
        {
            throw c.Unusable($"convolves over {rank} dimensions");
        }
    }
}
