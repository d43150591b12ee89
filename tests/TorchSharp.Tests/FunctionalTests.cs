using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests;

/// <summary>Layers and losses against loops over their definitions.</summary>
public sealed class FunctionalTests
{
    [Fact]
    public void Conv2d_equals_the_sum_over_the_window()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(1);
        Tensor x = randn([1, 4, 6, 5], float64), w = randn([2, 2, 3, 2], float64), b = randn([2], float64);
        Tensor actual = conv2d(x, w, b, [2L, 1L], [1L, 0L], [1L, 2L], 2);
        Assert.Equal([1L, 2, 3, 3], actual.shape);
        for (int o = 0; o < 2; o++)
        {
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    double sum = b[o].item<double>();
                    for (int c = 0; c < 2; c++)
                    {
                        for (int u = 0; u < 3; u++)
                        {
                            for (int v = 0; v < 2; v++)
                            {
                                int row = (2 * i) + u - 1, column = j + (2 * v);
                                sum += row is >= 0 and < 6
                                    ? x[0, (2 * o) + c, row, column].item<double>() * w[o, c, u, v].item<double>()
                                    : 0;
                            }
                        }
                    }

                    Assert.Equal(sum, actual[0, o, i, j].item<double>(), 1e-10);
                }
            }
        }
    }

    [Fact]
    public void Transposed_convolution_is_the_gradient_of_convolution()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(2);
        Tensor x = randn([1, 2, 5, 5], float64, requires_grad: true), w = randn([3, 2, 3, 3], float64);
        Tensor y = conv2d(x, w, null, [2L], [1L]);
        Tensor g = randn_like(y);
        y.backward([g]);
        Assert.True(conv_transpose2d(g, w, null, [2L], [1L]).allclose(x.grad!));
    }

    [Fact]
    public void Batch_normalisation_moves_its_running_statistics_in_training_only()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Tensor x = randn([8, 2, 3, 3], float64) * 2 + 1;
        Tensor mean = zeros([2], float64), variance = ones([2], float64);
        Tensor trained = batch_norm(x, mean, variance, training: true, momentum: 0.1);
        Assert.True(mean.allclose(x.mean([0L, 2, 3]) * 0.1));
        Assert.True(variance.allclose((x.var([0L, 2, 3]) * 0.1) + 0.9));
        Assert.True(trained.mean([0L, 2, 3]).allclose(zeros([2], float64)));
        Tensor kept = mean.clone();
        Tensor evaluated = batch_norm(x, mean, variance);
        Assert.True(mean.Equals(kept));
        Assert.True(evaluated.allclose((x - mean.view(1, 2, 1, 1)) / (variance + 1e-5).sqrt().view(1, 2, 1, 1)));
    }

    [Fact]
    public void Pools_equal_loops_over_windows()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(16f).reshape(1, 1, 4, 4);
        Assert.Equal([5f, 7, 13, 15], max_pool2d(x, 2).data<float>());
        Assert.Equal([2.5f, 4.5f, 10.5f, 12.5f], avg_pool2d(x, 2).data<float>());
        Assert.Equal([0f, 0.75f, 3, 7.5f], avg_pool2d(x, 2, 2, 1)[.., .., ..2, ..2].flatten().data<float>());
        Tensor unpadded = avg_pool2d(x, 2, 2, 1, count_include_pad: false);
        Assert.Equal([0f, 1.5f, 6, 7.5f], unpadded[.., .., ..2, ..2].flatten().data<float>());
        Assert.Equal([7.5f], adaptive_avg_pool2d(x, 1).data<float>());
        (Tensor values, Tensor indices) = max_pool2d_with_indices(x, [2L, 2L]);
        Assert.Equal(values.data<float>().Select(v => (long)v), indices.data<long>());
        Assert.Equal([15f], adaptive_max_pool2d(x, [1L, 1L]).data<float>());
        Assert.Equal(MathF.Sqrt(0 + 1 + 16 + 25), lp_pool2d(x, 2, [2L, 2L])[0, 0, 0, 0].item<float>(), 1e-5f);
    }

    [Fact]
    public void Padding_follows_its_mode()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor row = arange(3f).reshape(1, 1, 3);
        Assert.Equal([9f, 0, 1, 2, 9, 9], pad(row, [1L, 2L], value: 9).data<float>());
        Assert.Equal([0f, 0, 1, 2, 0, 0], pad(row, [1L, 2L], PaddingModes.Zeros).data<float>());
        Assert.Equal([1f, 0, 1, 2, 1, 0], pad(row, [1L, 2L], PaddingModes.Reflect).data<float>());
        Assert.Equal([0f, 0, 1, 2, 2, 2], pad(row, [1L, 2L], PaddingModes.Replicate).data<float>());
        Assert.Equal([2f, 0, 1, 2, 0, 1], pad(row, [1L, 2L], PaddingModes.Circular).data<float>());
        Assert.Equal([1f], pad(row, [-1L, -1L]).data<float>());
    }

    [Fact]
    public void Interpolation_equals_its_formulas()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor row = tensor([0f, 10], [1L, 1L, 2L]);
        Assert.Equal([0f, 0, 10, 10], interpolate(row, [4L]).data<float>());
        Assert.Equal([0f, 2.5f, 7.5f, 10], interpolate(row, [4L], mode: InterpolationMode.Linear).data<float>());
        Tensor corners = interpolate(row, [3L], mode: InterpolationMode.Linear, align_corners: true);
        Assert.Equal([0f, 5, 10], corners.data<float>());
        Tensor square = arange(16f).reshape(1, 1, 4, 4);
        Assert.True(interpolate(square, [2L, 2L], mode: InterpolationMode.Area).Equals(avg_pool2d(square, 2)));
        Tensor halved = interpolate(square, scale_factor: [0.5, 0.5], mode: InterpolationMode.Bilinear);
        Assert.True(halved.Equals(avg_pool2d(square, 2)));
        Assert.Equal([1L, 1, 6, 8], interpolate(square, scale_factor: [1.5, 2], recompute_scale_factor: true).shape);
        Assert.Throws<ArgumentException>(() => interpolate(square));
    }

    [Fact]
    public void An_identity_grid_reads_the_image_itself()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor image = rand(1, 2, 4, 4);
        Tensor grid = affine_grid(tensor([1f, 0, 0, 0, 1, 0], [1L, 2L, 3L]), [1L, 2L, 4L, 4L]);
        Assert.True(grid_sample(image, grid).allclose(image, atol: 1e-6));
        Tensor moved = grid + 2;
        Assert.Equal(0, grid_sample(image, moved)[0, 0, 3, 3].item<float>());
        Tensor border = grid_sample(image, moved, padding_mode: GridSamplePaddingMode.Border);
        Assert.Equal(image[0, 0, 3, 3].item<float>(), border[0, 0, 3, 3].item<float>());
    }

    [Fact]
    public void Losses_equal_their_formulas()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(4);
        Tensor logits = randn([3, 4], float64);
        Tensor classes = tensor([1L, 3, -100]);
        double[] log = log_softmax(logits, 1).data<double>().ToArray();
        Assert.Equal(-(log[1] + log[7]) / 2, cross_entropy(logits, classes).item<double>(), 1e-12);
        Assert.Equal(-(log[1] + log[7]), cross_entropy(logits, classes, reduction: Reduction.Sum).item<double>(), 1e-12);
        Assert.Equal([-log[1], -log[7], 0], cross_entropy(logits, classes, reduction: Reduction.None).data<double>());
        double smoothed = (0.9 * -log[1]) + (0.1 * -(log[0] + log[1] + log[2] + log[3]) / 4);
        Assert.Equal(smoothed, cross_entropy(logits[..1], classes[..1], label_smoothing: 0.1).item<double>(), 1e-12);
        Tensor weights = tensor([1.0, 2, 3, 4]);
        Assert.Equal(-((2 * log[1]) + (4 * log[7])) / 6, cross_entropy(logits, classes, weights).item<double>(), 1e-12);
        Assert.Equal(-(log[1] + log[7]) / 2, nll_loss(log_softmax(logits, 1)[..2], classes[..2]).item<double>(), 1e-12);

        Tensor p = softmax(logits, 1)[..1], q = softmax(logits, 1)[1..2];
        double kl = (p * (p.log() - q.log())).sum().item<double>();
        Assert.Equal(kl, kl_div(q.log(), p.log(), reduction: Reduction.Sum).item<double>(), 1e-12);
        Assert.Equal(kl, kl_div(q.log(), p, log_target: false, reduction: Reduction.Sum).item<double>(), 1e-12);
        Assert.Equal(2.5, mse_loss(tensor([1.0, 3]), tensor([0.0, 1])).item<double>());
        Assert.Equal(1.5, l1_loss(tensor([1.0, 3]), tensor([0.0, 1])).item<double>());
        Assert.Equal([0L, 0, 1, 1, 0, 0], one_hot(tensor([2L, 0])).data<long>());
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_does_nothing_in_evaluation()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(6);
        Tensor x = ones(1, 50, 40, 40);
        Tensor dropped = dropout(x, 0.25);
        Assert.Equal([0f, 4 / 3f], dropped.unique().output.data<float>());
        Assert.InRange(dropped.mean().item<float>(), 0.98f, 1.02f);
        Assert.True(dropout(x, 0.25, training: false).Equals(x));
        Assert.Equal([0f, 4 / 3f], dropout2d(x, 0.25).amax(2L, 3L).unique().output.data<float>());
        Assert.True(dropout2d(x, 0.25).std([2L, 3L]).Equals(zeros(1, 50)));
    }

    [Fact]
    public void Initialisation_has_the_variance_that_the_papers_ask_for()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(9);
        Tensor w = empty(200, 50, 3, 3);
        Assert.Equal((450L, 1800L), init.CalculateFanInAndFanOut(w));
        Assert.Equal(2.0 / 450, Variance(init.kaiming_normal_(w, nonlinearity: init.NonlinearityType.ReLU)), 2e-4);
        Assert.Equal(2.0 / 1800, Variance(init.kaiming_normal_(w, mode: init.FanInOut.FanOut)), 5e-5);
        Assert.Equal(2.0 / 450, Variance(init.kaiming_uniform_(w)), 2e-4);
        Assert.Equal(2.0 / 2250, Variance(init.xavier_normal_(w)), 5e-5);
        Assert.Equal(2.0 / 2250, Variance(init.xavier_uniform_(w)), 5e-5);
        Tensor wide = init.orthogonal_(empty(10, 30), 2);
        Assert.True(wide.mm(wide.t()).allclose(eye(10) * 4, atol: 1e-4));
        Tensor tall = init.orthogonal_(empty(30, 10));
        Assert.True(tall.t().mm(tall).allclose(eye(10), atol: 1e-4));
        Assert.Equal(ones(2), init.ones_(empty(2)));
        Assert.Throws<ArgumentException>(() => init.CalculateFanInAndFanOut(empty(3)));
        Assert.Equal(Math.Sqrt(2 / 1.01), init.calculate_gain(init.NonlinearityType.LeakyReLU, 0.1), 1e-12);

        static double Variance(Tensor weights) => weights.var(unbiased: false).item<float>();
    }
}
