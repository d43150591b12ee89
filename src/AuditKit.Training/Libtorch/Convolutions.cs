using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Libtorch;

/// <summary>libtorch's convolutions over 1 to 3 spatial dimensions, called so that they are right on this machine.</summary>
internal static class Convolutions
{
    /// <summary>The most spatial dimensions.</summary>
    public const int MostDimensions = 3;

    /// <summary>A convolution.</summary>
    /// <param name="kernels">How libtorch is called.</param>
    /// <param name="x">N×C×spatial.</param>
    /// <param name="weight">K×(C / groups)×kernel.</param>
    /// <param name="bias">K, or null.</param>
    /// <param name="strides">Steps along each spatial dimension.</param>
    /// <param name="pads">Zeros on both sides of each.</param>
    /// <param name="dilations">Distance of the kernel's taps along each.</param>
    /// <param name="groups">Groups that C and K are cut into.</param>
    public static Tensor Forward(
        ConvolutionKernels kernels, Tensor x, Tensor weight, Tensor? bias, long[] strides, long[] pads, long[] dilations, long groups)
    {
        long outputs = weight.shape[0] / groups;
        if (kernels == ConvolutionKernels.Padded)
        {
            (x, weight, bias) = Filled(x, weight, bias, groups);
        }

        Tensor y = strides.Length switch
        {
            1 => F.conv1d(x, weight, bias, strides[0], pads[0], dilations[0], groups),
            2 => F.conv2d(x, weight, bias, strides, pads, dilations, groups),
            _ => F.conv3d(x, weight, bias, strides, pads, dilations, groups),
        };
        return PaddedChannels.Cut(y, 1, groups, outputs);
    }

    /// <summary>The transpose of a convolution.</summary>
    /// <param name="kernels">How libtorch is called.</param>
    /// <param name="x">N×C×spatial.</param>
    /// <param name="weight">C×(K / groups)×kernel.</param>
    /// <param name="bias">K, or null.</param>
    /// <param name="strides">Steps along each spatial dimension.</param>
    /// <param name="pads">What is cut from both sides of each.</param>
    /// <param name="extra">What is added to the end of each.</param>
    /// <param name="dilations">Distance of the kernel's taps along each.</param>
    /// <param name="groups">Groups that C and K are cut into.</param>
    public static Tensor Transposed(
        ConvolutionKernels kernels, Tensor x, Tensor weight, Tensor? bias, long[] strides, long[] pads, long[] extra, long[] dilations, long groups)
    {
        long outputs = weight.shape[1];
        if (kernels == ConvolutionKernels.Padded)
        {
            (x, weight, bias) = Filled(x, weight, bias, groups);
        }

        Tensor y = strides.Length switch
        {
            1 => F.conv_transpose1d(x, weight, bias, strides[0], pads[0], extra[0], dilations[0], groups),
            2 => F.conv_transpose2d(x, weight, bias, strides, pads, extra, dilations, groups),
            _ => F.conv_transpose3d(x, weight, bias, strides, pads, extra, dilations, groups),
        };
        return PaddedChannels.Cut(y, 1, groups, outputs);
    }

    // The weights' first dimension has the channels of every group, their second those of one.
    private static (Tensor X, Tensor Weight, Tensor? Bias) Filled(Tensor x, Tensor weight, Tensor? bias, long groups) => (
        PaddedChannels.Fill(x, 1, groups),
        PaddedChannels.Fill(PaddedChannels.Fill(weight, 0, groups), 1, 1),
        bias is null ? null : PaddedChannels.Fill(bias, 0, groups));
}
