using AuditKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Libtorch;

/// <summary>Tries libtorch on convolutions whose results are known, forwards and both gradients.</summary>
internal static class ConvolutionTrial
{
    /// <summary>A convolution and its transpose as an engine computes them.</summary>
    /// <param name="kernels">How libtorch is called.</param>
    /// <param name="x">1×C×H×W.</param>
    /// <param name="weight">K×(C / groups)×k×k.</param>
    /// <param name="trial">The rest of what is tried.</param>
    internal delegate Tensor Engine(ConvolutionKernels kernels, Tensor x, Tensor weight, PlainConvolution trial);

    /// <summary>Finds how libtorch has to be called on this machine.</summary>
    /// <exception cref="AuditException">It is wrong either way.</exception>
    public static ConvolutionKernels Run() => Run(Forward, Transposed);

    /// <summary>The same for any engine.</summary>
    internal static ConvolutionKernels Run(Engine forward, Engine transposed)
    {
        foreach (ConvolutionKernels kernels in Enum.GetValues<ConvolutionKernels>())
        {
            if (PlainConvolution.Trials.All(trial => IsRight(trial, kernels, forward, transposed)))
            {
                return kernels;
            }
        }

        throw new AuditException(
            $"libtorch {LibtorchEngine.Version} computes wrong convolutions on this processor, with and without padded channels, "
            + "so nothing that needs it can be "
            + $"relied on. Use another machine, or set {LibtorchFolder.Variable} to another build of libtorch.",
            ExitCode.Error);
    }

    private static bool IsRight(PlainConvolution trial, ConvolutionKernels kernels, Engine forward, Engine transposed)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = enable_grad();
        Tensor x = tensor(trial.Image, [1L, trial.Inputs, trial.Side, trial.Side]).requires_grad_();
        Tensor weight = tensor(trial.Weights, [trial.Outputs, trial.Inputs / trial.Groups, trial.Kernel, trial.Kernel]).requires_grad_();
        Tensor back = tensor(trial.OutputGradient, [1L, trial.Outputs, trial.OutputSide, trial.OutputSide]);
        Tensor y = forward(kernels, x, weight, trial);
        (y * back).sum().backward();
        return Agree(y, trial.Forward()) && Agree(x.grad, trial.ImageGradient()) && Agree(weight.grad, trial.WeightGradient())

            // The transpose of a convolution maps the output's gradient to the image's.
            && Agree(transposed(kernels, back, weight, trial), trial.ImageGradient());

        static bool Agree(Tensor? found, float[] expected) =>
            found is not null && PlainConvolution.Agree(found.detach().contiguous().data<float>().ToArray(), expected);
    }

    internal static Tensor Forward(ConvolutionKernels kernels, Tensor x, Tensor weight, PlainConvolution trial) =>
        Convolutions.Forward(kernels, x, weight, null, [1, 1], [trial.Padding, trial.Padding], [1, 1], trial.Groups);

    internal static Tensor Transposed(ConvolutionKernels kernels, Tensor x, Tensor weight, PlainConvolution trial) =>
        Convolutions.Transposed(kernels, x, weight, null, [1, 1], [trial.Padding, trial.Padding], [0, 0], [1, 1], trial.Groups);
}
