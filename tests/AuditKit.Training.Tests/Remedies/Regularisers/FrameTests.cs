using AuditKit.Checks.Weights;
using AuditKit.Training.Graphs;
using AuditKit.Training.Tests.Graphs;
using AuditKit.Training.Remedies.Regularisers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Regularisers;

public sealed class FrameTests
{
    public static TheoryData<string> Layers => SampleLayers.Names;

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_penalty_is_that_of_the_rows_of_the_matrix_written_out(string name)
    {
        LinearLayer layer = SampleLayers.All[name];
        double[][] rows = SampleLayers.InteriorRowsOfV(layer);
        foreach ((double lower, double upper) in new[] { (0.8, 1.2), (0.1, 20), (3, 3) })
        {
            double expected = rows.Average(row =>
            {
                double radius = row.Skip(1).Sum(Math.Abs);
                return Math.Pow(Math.Min(row[0] - lower - radius, 0), 2) + Math.Pow(Math.Min(upper - row[0] - radius, 0), 2);
            });
            Assert.Equal(expected, Frame.Penalty(layer, lower, upper).item<double>(), 1e-9 * Math.Max(1, expected));
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Its_gradient_is_that_of_finite_differences(string name)
    {
        LinearLayer layer = SampleLayers.All[name];
        FiniteDifferences.AgreeWithAutograd(weights => Frame.Penalty(layer with { Weights = weights }, 0.8, 1.2), layer.Weights);
    }

    [Fact]
    public void A_tight_frame_within_the_bounds_costs_nothing_and_one_outside_costs_the_square_of_what_it_misses()
    {
        var identity = new LinearLayer("identity", eye(3, dtype: ScalarType.Float64));

        Assert.Equal(0, Frame.Penalty(identity, 0.9, 1.1).item<double>(), 1e-15);
        Assert.Equal(0.25, Frame.Penalty(identity, 1.5, 2).item<double>(), 1e-15);
        Assert.Equal(0.04, Frame.Penalty(identity, 0.5, 0.8).item<double>(), 1e-15);
    }

    // The padding lets every pixel be in as many windows as any other, so that WᵀW is the part of V that the input has,
    // and by Gershgorin's theorem no eigenvalue is further outside [A, B] than a row misses them by.
    [Theory]
    [InlineData(1, 8, 3)]
    [InlineData(2, 24, 3)]
    public void Descending_it_brings_the_eigenvalues_of_a_convolution_within_the_bounds(int stride, int filters, int channels)
    {
        const double Lower = 0.8, Upper = 1.2;
        const int Steps = 600;
        using var kernels = new Parameter(0.25 * SampleLayers.Weights(filters, channels, 3, 3));
        var layer = new LinearLayer("layer", kernels) { Stride = (stride, stride) };
        Assert.False(layer.IsWide);
        double[] before = Eigenvalues();
        Assert.True(before[^1] / before[0] > 2 * Upper / Lower, $"{before[0]} to {before[^1]}");
        using optim.Optimizer optimiser = optim.Adam([kernels], 0.005);

        double penalty = double.NaN;
        for (int step = 0; step < Steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            optimiser.zero_grad();
            Tensor loss = Frame.Penalty(layer, Lower, Upper);
            loss.backward();
            foreach (optim.ILearningRateController group in optimiser.ParamGroups)
            {
                group.LearningRate = 0.02 * (1 - ((double)step / Steps));
            }

            optimiser.step();
            penalty = loss.item<double>();
        }

        double[] after = Eigenvalues();
        double missed = Math.Sqrt(penalty * channels * stride * stride);
        Assert.True(missed < 1e-3, $"the worst row may miss its bound by {missed}");
        Assert.InRange(after[0], Lower - missed - 1e-6, Upper);
        Assert.InRange(after[^1], Lower, Upper + missed + 1e-6);

        double[] Eigenvalues()
        {
            var window = new ConvolutionWindow
            {
                Channels = channels,
                Filters = filters,
                KernelHeight = 3,
                KernelWidth = 3,
                StrideY = stride,
                StrideX = stride,
                Height = 7,
                Width = 7,
                Top = 2,
                Left = 2,
                Bottom = 2,
                Right = 2,
            };
            return FrameBounds.GramEigenvalues(new Checks.Weights.Convolution([.. kernels.data<double>().Select(w => (float)w)], window, 1).ToMatrix());
        }
    }
}
