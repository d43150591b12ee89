using AuditKit.Training.Graphs;
using AuditKit.Training.Tests.Graphs;
using AuditKit.Training.Remedies.Regularisers;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Regularisers;

/// <summary>The penalties that ask for orthonormal filters: soft orthogonality, SRIP, orthogonal convolution.</summary>
public sealed class OrthogonalityTests
{
    public static TheoryData<string> Layers => SampleLayers.Names;

    /// <summary>The paper's definition knows no dilation.</summary>
    public static TheoryData<string> Undilated => [.. SampleLayers.All.Values.Where(layer => layer.Dilation == (1, 1)).Select(layer => layer.Name)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Soft_orthogonality_is_the_distance_of_the_smaller_Gram_matrix_from_the_identity(string name)
    {
        LinearLayer layer = SampleLayers.All[name];
        double expected = Grams(layer).Sum(gram => gram.Select((row, i) => row.Select((v, j) => Math.Pow(v - (i == j ? 1 : 0), 2)).Sum()).Sum());

        Assert.Equal(expected, SoftOrthogonality.Norm(layer).item<double>(), 1e-10 * expected);
        FiniteDifferences.AgreeWithAutograd(weights => SoftOrthogonality.Norm(layer with { Weights = weights }), layer.Weights);
    }

    [Fact]
    public void A_rotation_times_c_costs_n_times_the_square_of_c_squared_minus_1()
    {
        const double C = 1.3;
        Tensor rotation = tensor(new double[,] { { 0.6, 0.8 }, { -0.8, 0.6 } });

        Assert.Equal(2 * Math.Pow((C * C) - 1, 2), SoftOrthogonality.Norm(new LinearLayer("rotation", C * rotation)).item<double>(), 1e-12);
        Assert.Equal(0, SoftOrthogonality.Norm(new LinearLayer("rotation", rotation)).item<double>(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Srip_settles_at_the_spectral_norm_and_its_gradient_is_that_of_finite_differences(string name)
    {
        LinearLayer layer = SampleLayers.All[name];
        double expected = Grams(layer).Max(gram =>
        {
            double[] flat = [.. gram.SelectMany(row => row)];
            Tensor distortion = tensor(flat, [gram.Length, gram.Length]) - eye(gram.Length, dtype: ScalarType.Float64);
            return linalg.eigvalsh(distortion).abs().max().item<double>();
        });
        Tensor direction = SpectralRestrictedIsometry.Start(layer, seed: 3);
        double first = SpectralRestrictedIsometry.Norm(layer, direction).item<double>();
        for (int step = 0; step < 200; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            SpectralRestrictedIsometry.Norm(layer, direction);
        }

        Assert.True(first <= expected * (1 + 1e-9));
        Assert.Equal(expected, SpectralRestrictedIsometry.Norm(layer, direction).item<double>(), 1e-5 * expected);
        FiniteDifferences.AgreeWithAutograd(
            weights => SpectralRestrictedIsometry.Norm(layer with { Weights = weights }, direction.clone()), layer.Weights, tolerance: 1e-4);
    }

    [Fact]
    public void Srip_of_orthonormal_filters_is_0_and_finds_its_direction_again_when_they_are_no_longer()
    {
        var layer = new LinearLayer("identity", eye(3, dtype: ScalarType.Float64));
        Tensor direction = SpectralRestrictedIsometry.Start(layer, seed: 3);
        Assert.Equal(0, SpectralRestrictedIsometry.Norm(layer, direction).item<double>());

        Assert.Equal(3, SpectralRestrictedIsometry.Norm(layer with { Scale = 2 }, direction).item<double>(), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Undilated))]
    public void Orthogonal_convolution_is_the_kernel_convolved_with_itself_less_the_identity_at_its_centre(string name)
    {
        LinearLayer layer = SampleLayers.All[name];
        double expected = 0;
        Tensor kernels = layer.Kernels();
        for (int group = 0; group < layer.Groups; group++)
        {
            Tensor k = kernels[group];
            (long outputs, int height, int width) = (k.shape[0], (int)k.shape[2], (int)k.shape[3]);
            (int py, int px) = ((height - 1) / layer.Stride.Y * layer.Stride.Y, (width - 1) / layer.Stride.X * layer.Stride.X);
            Tensor self = nn.functional.conv2d(k, k, strides: [layer.Stride.Y, layer.Stride.X], padding: [py, px]);
            Tensor identity = zeros_like(self);
            for (int o = 0; o < outputs; o++)
            {
                identity[o, o, py / layer.Stride.Y, px / layer.Stride.X] = tensor(1.0);
            }

            expected += (self - identity).square().sum().item<double>();
        }

        Assert.Equal(expected, OrthogonalConvolution.Norm(layer).item<double>(), 1e-10 * expected);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Orthogonal_convolution_has_the_gradient_of_finite_differences(string name)
    {
        LinearLayer layer = SampleLayers.All[name];
        FiniteDifferences.AgreeWithAutograd(weights => OrthogonalConvolution.Norm(layer with { Weights = weights }), layer.Weights);
    }

    [Fact]
    public void A_convolution_that_is_orthogonal_without_being_a_rotation_of_each_pixel_costs_nothing()
    {
        // Half of the directions are passed on, the other half shifted by a pixel: (I − P) + P·z with a projection P.
        double[] u = [0.6, 0, 0.8];
        double[] kernels = [.. from o in Enumerable.Range(0, 3) from c in Enumerable.Range(0, 3) from tap in new[] { 0, 1 }
                               let p = u[o] * u[c]
                               select tap == 1 ? p : (o == c ? 1 : 0) - p];
        var layer = new LinearLayer("shift", tensor(kernels, [3, 3, 1, 2]));

        Assert.Equal(0, OrthogonalConvolution.Norm(layer).item<double>(), 1e-12);
        Assert.Equal(0, Frame.Penalty(layer, 1, 1).item<double>(), 1e-12);
        Assert.True(OrthogonalConvolution.Norm(layer with { Weights = layer.Weights.flip(3).mul(layer.Weights) }).item<double>() > 0.1);
    }

    /// <summary>Every group's smaller Gram matrix of its filters.</summary>
    private static IEnumerable<double[][]> Grams(LinearLayer layer)
        => SampleLayers.Filters(layer).Chunk(SampleLayers.Filters(layer).Length / layer.Groups).Select(rows =>
        {
            double[][] units = rows.Length <= rows[0].Length
                ? rows
                : [.. Enumerable.Range(0, rows[0].Length).Select(j => rows.Select(row => row[j]).ToArray())];
            return units.Select(a => units.Select(b => a.Zip(b, (x, y) => x * y).Sum()).ToArray()).ToArray();
        });
}
