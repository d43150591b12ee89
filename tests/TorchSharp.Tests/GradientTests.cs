using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests;

/// <summary>Autograd against central differences, in double precision.</summary>
public sealed class GradientTests
{
    private static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Function)> Functions = new()
    {
        ["arithmetic"] =
            ([[2, 3], [3]], x => ((x[0] * x[1]) - (x[0] / (x[1].square() + 1)) + (2.0 / (x[0].square() + 1))).pow(3)),
        ["exponentials"] = ([[5]], x => x[0].exp() + x[0].square().log1p() + x[0].tanh() + x[0].sigmoid() + x[0].erf()),
        ["trigonometry"] = ([[5]], x => x[0].sin() * x[0].cos() + x[0].atan()),
        ["activations"] = ([[7]], x => gelu(x[0]) + silu(x[0]) + softplus(x[0]) + elu(x[0], 1.3) + mish(x[0])),
        ["softmax"] = ([[3, 4]], x => softmax(x[0], 1) * log_softmax(x[0], 0)),
        ["logsumexp"] = ([[3, 4]], x => x[0].logsumexp(1)),
        ["matmul"] = ([[2, 3], [3, 4]], x => matmul(x[0], x[1])),
        ["einsum"] = ([[2, 3, 2], [2, 2, 3]], x => einsum("bij,bjk->ik", x[0], x[1])),
        ["linear"] = ([[2, 3], [4, 3], [4]], x => linear(x[0], x[1], x[2])),
        ["conv1d"] = ([[2, 2, 6], [3, 2, 3]], x => conv1d(x[0], x[1], null, 2, 1)),
        ["conv2d"] =
            ([[2, 2, 5, 5], [4, 1, 3, 3], [4]], x => conv2d(x[0], x[1], x[2], [2L, 1L], [1L, 0L], [1L, 2L], 2)),
        ["conv_transpose2d"] =
            ([[1, 2, 3, 3], [2, 2, 3, 3]], x => conv_transpose2d(x[0], x[1], null, [2L, 2L], [1L, 1L], [1L, 0L])),
        ["batch_norm"] = ([[4, 2, 2, 2], [2], [2]], x => batch_norm(x[0], null, null, x[1], x[2], training: true)),
        ["instance_norm"] = ([[2, 2, 3, 3], [2], [2]], x => instance_norm(x[0], weight: x[1], bias: x[2])),
        ["layer_norm"] = ([[3, 4], [4], [4]], x => layer_norm(x[0], [4L], x[1], x[2])),
        ["local_response_norm"] = ([[2, 5, 2, 2]], x => local_response_norm(x[0], 3, alpha: 0.5)),
        ["normalize"] = ([[3, 4]], x => normalize(x[0])),
        ["max_pool2d"] = ([[1, 2, 4, 4]], x => max_pool2d(x[0], 2)),
        ["avg_pool2d"] = ([[1, 2, 5, 5]], x => avg_pool2d(x[0], 3, 2, 1, count_include_pad: false)),
        ["lp_pool2d"] = ([[1, 2, 4, 4]], x => lp_pool2d(x[0], 3, [2L, 2L])),
        ["adaptive_avg_pool2d"] = ([[1, 2, 5, 5]], x => adaptive_avg_pool2d(x[0], [2L, 3L])),
        ["interpolate bilinear"] = ([[1, 2, 4, 4]], x => interpolate(x[0], [6L, 3L], mode: InterpolationMode.Bilinear)),
        ["interpolate bicubic antialias"] =
            ([[1, 1, 6, 6]], x => interpolate(x[0], [3L, 4L], mode: InterpolationMode.Bicubic, antialias: true)),
        ["pad"] = ([[1, 1, 4, 4]], x => pad(x[0], [1L, 2L, 0L, 1L], PaddingModes.Reflect)
            + pad(x[0], [1L, 2L, 0L, 1L], PaddingModes.Replicate)),
        ["grid_sample"] =
            ([[1, 1, 4, 4], [1, 2, 3]], x => grid_sample(x[0], affine_grid(x[1] * 0.1, [1L, 1L, 3L, 3L]))),
        ["cross_entropy"] = ([[4, 3]], x => cross_entropy(x[0], tensor([0L, 2L, 1L, 1L]), label_smoothing: 0.1)),
        ["losses"] = ([[4, 3], [4, 3]], x => mse_loss(x[0], x[1]) + smooth_l1_loss(x[0], x[1], beta: 0.3)
            + kl_div(log_softmax(x[0], 1), log_softmax(x[1], 1))
            + binary_cross_entropy_with_logits(x[0], x[1].sigmoid())),
        ["metric losses"] =
            ([[4, 3], [4, 3], [4, 3]], x => triplet_margin_loss(x[0], x[1], x[2]) + cosine_similarity(x[0], x[1]).sum()),
        ["selection"] = ([[4, 3]], x =>
            (x[0][1..3] * x[0].gather(0, tensor([2L, 0L, 1L, 1L, 3L, 0L], [2L, 3L]))) + x[0].index_select(0, tensor([3L, 3L]))),
        ["joining"] = ([[2, 3], [2, 3]], x =>
            cat([x[0], x[1].flip(1)], 1).reshape(3, 4).permute(1, 0) * stack([x[0], x[1]]).view(4, 3)),
        ["reductions"] = ([[3, 4]], x =>
            (x[0].var(1) * x[0].std(1)) + x[0].mean([1L]) + x[0].amax(1L) + x[0].prod(1) + x[0].cumsum(1).sum(1)),
        ["norms"] = ([[3, 4]], x => x[0].norm() + linalg.vector_norm(x[0], 3) + linalg.svdvals(x[0]).sum()),
        ["where and clamp"] = ([[6]], x => where(x[0] > 0, x[0].square(), x[0] * 3) + x[0].clamp(-0.5, 0.5)),
        ["topk"] = ([[6]], x => x[0].topk(3).values * x[0].sort().Values[..3]),
        ["unfold"] = ([[1, 2, 4, 4]], x => unfold(x[0], 3, padding: 1)),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_equal_central_differences(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(11);
        (long[][] shapes, Func<Tensor[], Tensor> function) = Functions[name];
        Tensor[] inputs = [.. shapes.Select(shape => randn(shape, float64).requires_grad_())];
        Tensor weights = randn_like(function(inputs));
        (function(inputs) * weights).sum().backward();
        const double Step = 1e-5;
        foreach (Tensor input in inputs)
        {
            double[] analytic = input.grad!.data<double>().ToArray();
            for (int i = 0; i < analytic.Length; i++)
            {
                double numeric = (At(input, i, Step) - At(input, i, -Step)) / (2 * Step);
                Assert.True(
                    Math.Abs(numeric - analytic[i]) <= 1e-5 * Math.Max(1, Math.Abs(numeric)),
                    $"{name}: element {i} of [{string.Join('×', input.shape)}] is {analytic[i]}, not {numeric}");
            }
        }

        double At(Tensor input, int element, double delta)
        {
            using IDisposable quiet = no_grad();
            using DisposeScope inner = NewDisposeScope();
            var values = input.data<double>();
            double before = values[element];
            values[element] = before + delta;
            double result = (function(inputs) * weights).sum().item<double>();
            values[element] = before;
            return result;
        }
    }

    [Fact]
    public void Gradients_add_up_until_they_are_reset()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor([2f], requires_grad: true);
        x.square().backward();
        x.square().backward();
        Assert.Equal(8, x.grad!.item<float>());
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_returns_gradients_and_leaves_the_leaves_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor([3.0], requires_grad: true), unused = ones([1], requires_grad: true);
        Tensor cube = x.pow(3).sum();
        IList<Tensor> first = autograd.grad([cube], [x, unused], create_graph: true, allow_unused: true);
        Assert.Equal(27, first[0].item<double>());
        Assert.Null(first[1]);
        Assert.Equal(18, autograd.grad([first[0].sum()], [x])[0].item<double>());
        Assert.Null(x.grad);
    }

    [Fact]
    public void A_gradient_can_be_given_from_outside()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones([2], requires_grad: true);
        Tensor y = x * 3;
        y.backward([tensor([1f, 10f])]);
        Assert.Equal([3f, 30f], x.grad!.data<float>().ToArray());
        x.grad = tensor([5f, 6f]);
        Assert.Equal([5f, 6f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Only_the_named_inputs_get_gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones([1], requires_grad: true), y = ones([1], requires_grad: true);
        (x * y).sum().backward(null, inputs: [y]);
        Assert.Null(x.grad);
        Assert.NotNull(y.grad);
    }

    [Fact]
    public void Detached_tensors_have_no_history_and_share_data()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones([1], requires_grad: true);
        Tensor y = (x * 2).detach();
        Assert.False(y.requires_grad);
        Assert.True(x.is_leaf);
        Assert.False((x * 2).is_leaf);
        using IDisposable quiet = no_grad();
        x.detach().fill_(9);
        Assert.Equal(9, x.item<float>());
    }
}
