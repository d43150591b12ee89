using AuditKit.Models;
using AuditKit.Training.Libtorch;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Libtorch;

public sealed class ConvolutionTrialTests
{
    [Fact]
    public void This_libtorch_is_right_as_it_was_started()
        => Assert.Equal(LibtorchEngine.Kernels, ConvolutionTrial.Run());

    [Fact]
    public void An_engine_that_drops_a_block_of_padded_weights_is_found_out_and_gets_its_channels_filled()
        => Assert.Equal(ConvolutionKernels.Padded, ConvolutionTrial.Run(Faulty(ConvolutionTrial.Forward), ConvolutionTrial.Transposed));

    [Fact]
    public void So_is_one_whose_transposed_convolutions_do()
        => Assert.Equal(ConvolutionKernels.Padded, ConvolutionTrial.Run(ConvolutionTrial.Forward, Faulty(ConvolutionTrial.Transposed)));

    [Fact]
    public void An_engine_whose_gradients_alone_are_wrong_is_found_out()
        => Assert.Equal(ConvolutionKernels.Padded, ConvolutionTrial.Run(
            (kernels, x, w, trial) => IsAtRisk(kernels, trial)
                ? ConvolutionTrial.Forward(kernels, x, w.detach(), trial)
                    + (ConvolutionTrial.Forward(kernels, x.detach(), w, trial) * 0.5)
                    - (ConvolutionTrial.Forward(kernels, x.detach(), w.detach(), trial) * 0.5)
                : ConvolutionTrial.Forward(kernels, x, w, trial),
            ConvolutionTrial.Transposed));

    [Fact]
    public void An_engine_that_gives_NaN_either_way_is_refused()
    {
        AuditException error = Assert.Throws<AuditException>(
            () => ConvolutionTrial.Run((k, x, w, t) => ConvolutionTrial.Forward(k, x, w, t) * double.NaN, ConvolutionTrial.Transposed));

        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.Contains("wrong convolutions", error.Message);
    }

    [Theory]
    [InlineData(1, 20, 50, 1)]
    [InlineData(2, 20, 50, 1)]
    [InlineData(3, 20, 33, 1)]
    [InlineData(2, 40, 36, 2)]
    [InlineData(2, 24, 24, 24)]
    [InlineData(2, 3, 16, 1)]
    public void Filled_channels_change_neither_results_nor_gradients(int dimensions, int inputs, int outputs, int groups)
    {
        long[] kernel = [.. Enumerable.Repeat(3L, dimensions)], ones = [.. Enumerable.Repeat(1L, dimensions)], none = new long[dimensions];
        foreach (bool transposed in new[] { false, true })
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            // By a generator of its own: libtorch has one for all, and other tests draw from it at the same time.
            using var generator = new Generator(1);
            Tensor[] drawn =
            [
                Draw([2, inputs, .. Enumerable.Repeat(5L, dimensions)]),
                transposed ? Draw([inputs, outputs / groups, .. kernel]) : Draw([outputs, inputs / groups, .. kernel]),
                Draw(outputs),
            ];
            Tensor[] plain = Compute(ConvolutionKernels.AsTheyAre), padded = Compute(ConvolutionKernels.Padded);
            Assert.All(plain.Zip(padded), pair => Assert.True(pair.First.allclose(pair.Second, 1e-4, 1e-4)));

            Tensor[] Compute(ConvolutionKernels kernels)
            {
                Tensor[] copies = [.. drawn.Select(tensor => tensor.clone().requires_grad_())];
                (Tensor x, Tensor weight, Tensor bias) = (copies[0], copies[1], copies[2]);
                Tensor y = transposed
                    ? Convolutions.Transposed(kernels, x, weight, bias, ones, ones, none, ones, groups)
                    : Convolutions.Forward(kernels, x, weight, bias, ones, ones, ones, groups);
                y.square().sum().backward();
                return [y, x.grad!, weight.grad!, bias.grad!];
            }

            Tensor Draw(params long[] shape) => randn(shape, generator: generator);
        }
    }

    private static ConvolutionTrial.Engine Faulty(ConvolutionTrial.Engine engine)
        => (kernels, x, w, trial) => engine(kernels, x, w, trial) * (IsAtRisk(kernels, trial) ? 0.9 : 1);

    private static bool IsAtRisk(ConvolutionKernels kernels, PlainConvolution trial)
        => kernels == ConvolutionKernels.AsTheyAre && PaddedChannels.Filled(trial.Inputs / trial.Groups) != trial.Inputs / trial.Groups;
}
