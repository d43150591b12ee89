using System.Text.RegularExpressions;
using AuditKit.Tests;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class OperatorTests
{
    private static readonly float[] Values = [-2.5f, -1, -0.3f, 0, 0.5f, 1, 2.5f];

    public static TheoryData<string, Func<Tensor, Tensor>, Func<double, double>> Unary => new()
    {
        { "abs", x => x.abs(), Math.Abs },
        { "neg", x => -x, v => -v },
        { "exp", x => x.exp(), Math.Exp },
        { "expm1", x => x.expm1(), v => Math.Exp(v) - 1 },
        { "log1p", x => x.abs().log1p(), v => Math.Log(1 + Math.Abs(v)) },
        { "log2", x => x.log2(), Math.Log2 },
        { "sqrt", x => x.sqrt(), Math.Sqrt },
        { "rsqrt", x => (x * x + 1).rsqrt(), v => 1 / Math.Sqrt((v * v) + 1) },
        { "reciprocal", x => x.reciprocal(), v => 1 / v },
        { "square", x => x.square(), v => v * v },
        { "floor", x => x.floor(), Math.Floor },
        { "ceil", x => x.ceil(), Math.Ceiling },
        { "trunc", x => x.trunc(), Math.Truncate },
        { "frac", x => x.frac(), v => v - Math.Truncate(v) },
        { "round", x => x.round(), Math.Round },
        { "sign", x => x.sign(), v => Math.Sign(v) },
        { "sin", x => x.sin(), Math.Sin },
        { "acos", x => x.acos(), Math.Acos },
        { "atanh", x => x.atanh(), Math.Atanh },
        { "cosh", x => x.cosh(), Math.Cosh },
        { "sigmoid", x => x.sigmoid(), v => 1 / (1 + Math.Exp(-v)) },
        { "relu", x => x.relu(), v => Math.Max(v, 0) },
        { "leaky_relu", x => x.leaky_relu(0.1), v => v > 0 ? v : 0.1 * v },
        { "hardsigmoid", x => x.hardsigmoid(), v => Math.Clamp((v + 3) / 6, 0, 1) },
        { "hardswish", x => x.hardswish(), v => v * Math.Clamp((v + 3) / 6, 0, 1) },
        { "silu", x => x.silu(), v => v / (1 + Math.Exp(-v)) },
        { "softplus", x => x.softplus(2), v => Math.Log(1 + Math.Exp(2 * v)) / 2 },
        { "softsign", x => nn.functional.softsign(x), v => v / (1 + Math.Abs(v)) },
        { "pow", x => x.pow(3), v => v * v * v },
        { "fmod", x => x.fmod(0.7), v => v % 0.7 },
        { "remainder", x => x % 0.7, v => v - (0.7 * Math.Floor(v / 0.7)) },
        { "divided", x => x / 4, v => v / 4 },
        { "floor divided", x => x.div(0.7, RoundingMode.floor), v => Math.Floor(v / 0.7) },
        { "number on the left of −", x => 1 - x, v => 1 - v },
        { "number on the left of /", x => 2 / x, v => 2 / v },
        { "clamp", x => x.clamp(-1, 0.7), v => Math.Clamp(v, -1, 0.7) },
        { "clamp from below", x => x.clamp(min: 0.2), v => Math.Max(v, 0.2) },
        { "addcmul", x => x.addcmul(x, x, 0.5), v => v + (0.5 * v * v) },
        { "lerp", x => x.lerp(x * 3, torch.tensor(0.25f)), v => v * 1.5 },
    };

    [Theory]
    [MemberData(nameof(Unary), DisableDiscoveryEnumeration = true)]
    public void Elementwise_operators_equal_their_formula(
        string name, Func<Tensor, Tensor> actual, Func<double, double> expected)
    {
        using DisposeScope scope = NewDisposeScope();
        float[] results = actual(torch.tensor(Values)).data<float>().ToArray();
        for (int i = 0; i < Values.Length; i++)
        {
            double wanted = expected(Values[i]);
            bool equal = double.IsNaN(wanted)
                ? float.IsNaN(results[i])
                : wanted.Equals(results[i]) || Math.Abs(results[i] - wanted) <= 1e-5 * Math.Max(1, Math.Abs(wanted));
            Assert.True(equal, $"{name} of {Values[i]} is {results[i]}, not {wanted}");
        }
    }

    [Fact]
    public void In_place_operators_change_their_tensor_and_return_it()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = torch.tensor([1f, 2, 3]);
        Assert.Same(x, x.add_(1).mul_(x).sub_(1));
        Assert.Equal([3f, 8, 15], x.data<float>().ToArray());
        x.clamp_(4, 10).div_(2).neg_();
        Assert.Equal([-2f, -4, -5], x.data<float>().ToArray());
        x.copy_(ones(1)).addcdiv_(ones(3), ones(3), 2).addcmul_(ones(3), ones(3), -1);
        Assert.Equal([2f, 2, 2], x.data<float>().ToArray());
        Assert.Equal(0, x.zero_().sum().item<float>());
        Assert.Equal(21, x.fill_(7).sum().item<float>());
    }

    [Fact]
    public void Comparisons_and_logic_equal_those_of_numbers()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = torch.tensor([1f, 2, 3]), b = torch.tensor([3f, 2, 1]);
        Check([false, true, false], a == b, a.eq(b));
        Check([true, false, true], a != b, a.ne(b));
        Check([true, false, false], a < b, a.lt(b), ~(a >= b));
        Check([false, false, true], a > b, a.gt(b), 2 < a);
        Check([true, true, false], a <= b, a <= 2, 2 >= a);
        Check([true, false, true], (a < 2) | (a > 2), (a < 2).logical_or(a > 2), (a < 2) ^ (a > 2));
        Check([false, true, false], (a > 1) & (a < 3), (a > 1).logical_and(a < 3), (a - 2).logical_not());
        Check([false, true, true], (a / 0).isinf().logical_and(a > 1), a > 1);
        Check([true, false, false], where(a > 1, 0, a).@bool());
        Assert.True(a.maximum(b).Equals(torch.tensor([3f, 2, 3])));
        Assert.True(a.allclose(a + 1e-9));
        Assert.False(a.allclose(b));

        static void Check(bool[] expected, params Tensor[] actual) =>
            Assert.All(actual, tensor => Assert.Equal(expected, tensor.data<bool>().ToArray()));
    }

    [Fact]
    public void Reductions_equal_loops()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(5);
        Tensor x = randn([3, 4], float64);
        double[] all = x.data<double>().ToArray();
        double mean = all.Average();
        Assert.Equal(all.Sum(), x.sum().item<double>(), 1e-12);
        Assert.Equal(mean, x.mean().item<double>(), 1e-12);
        Assert.Equal(all.Sum(v => (v - mean) * (v - mean)) / 11, x.var().item<double>(), 1e-12);
        Assert.Equal(Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / 12), x.std(unbiased: false).item<double>(), 1e-12);
        Assert.Equal(all.Max(), x.max().item<double>());
        Assert.Equal(Array.IndexOf(all, all.Max()), x.argmax().item<long>());
        Assert.Equal(all.Aggregate((p, v) => p * v), x.prod().item<double>(), 1e-12);
        Assert.Equal(Math.Sqrt(all.Sum(v => v * v)), x.norm().item<double>(), 1e-12);
        Assert.Equal(Math.Log(all.Sum(Math.Exp)), x.flatten().logsumexp(0).item<double>(), 1e-12);
        Assert.Equal(all.Order(), x.flatten().sort().Values.data<double>());
        Assert.Equal(all.OrderDescending().Take(3), x.flatten().topk(3).values.data<double>());
        Assert.Equal(all.Order().ElementAt(5), x.median().item<double>());
        Assert.Equal(all.Count(v => v > 0), (x > 0).sum().item<long>());
        Assert.Equal([1L, 4], x.sum([0L], keepdim: true).shape);
        Assert.Equal([3L], x.mean([1L]).shape);
        Assert.Equal([3L], x.max(1).values.shape);
        Assert.Equal([12L], x.cumsum(0).flatten().shape);
        Assert.Equal(ScalarType.Float32, x.sum(float32).dtype);
        Assert.Equal(ScalarType.Float32, x.var([0L], type: float32).dtype);
    }

    [Fact]
    public void Unique_values_come_with_what_was_asked_for()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor values, Tensor? inverse, Tensor? counts) = torch.tensor([3L, 1, 3, 2]).unique(return_counts: true);
        Assert.Equal([1L, 2, 3], values.data<long>());
        Assert.Equal([1L, 1, 2], counts!.data<long>());
        Assert.Null(inverse);
        Assert.Equal([0L, 1, 1, 2], bincount(torch.tensor([3L, 1, 3, 2])).data<long>());
    }

    [Fact]
    public void Linear_algebra_satisfies_its_definitions()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Tensor a = randn([4, 4], float64), b = randn([4, 2], float64);
        Assert.True(a.matmul(linalg.solve(a, b)).allclose(b));
        Assert.True(a.matmul(linalg.inv(a)).allclose(eye(4, dtype: float64), atol: 1e-9));
        (Tensor q, Tensor r) = linalg.qr(a);
        Assert.True(q.matmul(r).allclose(a));
        (Tensor u, Tensor s, Tensor vh) = linalg.svd(a);
        Assert.True(u.matmul(s.diag()).matmul(vh).allclose(a));
        Tensor gram = a.t().matmul(a);
        (Tensor eigenvalues, Tensor vectors) = linalg.eigh(gram);
        Assert.True(gram.matmul(vectors).allclose(vectors * eigenvalues));
        Assert.True(s.square().flip(0).allclose(eigenvalues));
        Tensor l = linalg.cholesky(gram);
        Assert.True(l.matmul(l.t()).allclose(gram));
        Assert.Equal(linalg.det(a).abs().item<double>(), s.prod().item<double>(), 1e-9);
        Assert.True(cdist(a, a).pow(2).allclose((a.unsqueeze(1) - a.unsqueeze(0)).square().sum(2), atol: 1e-6));
        Assert.True(einsum("ij,jk->ik", a, b).allclose(a.mm(b)));
        Assert.True(zeros([4, 2], float64).addmm(a, b, 1, 2).allclose(a.mm(b) * 2));
    }

    [Fact]
    public void Shapes_follow_the_operators()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(24).reshape(2, 3, 4);
        Assert.Equal([4L, 2, 3], x.permute(2, 0, 1).shape);
        Assert.Equal([2L, 4, 3], x.transpose(1, 2).shape);
        Assert.Equal([2L, 12], x.flatten(1).shape);
        Assert.Equal([2L, 3, 2, 2], x.unflatten(2, 2, -1).shape);
        Assert.Equal([2L, 1, 3, 4], x.unsqueeze(1).shape);
        Assert.Equal([2L, 3, 4], x.unsqueeze(1).squeeze().shape);
        Assert.Equal([5L, 2, 3, 4], x.expand(5, 2, 3, 4).shape);
        Assert.Equal([4L, 3, 4], x.repeat(2, 1, 1).shape);
        Assert.Equal([2L, 1], x.split([2L, 1L], 1).Select(part => part.shape[1]));
        Assert.Equal(3, x.unbind(1).Length);
        Assert.Equal([4L, 3, 4], cat([x, x]).shape);
        Assert.Equal([2L, 2, 3, 4], stack([x, x], 1).shape);
        Assert.Equal(23, x.flip(0, 1, 2)[0, 0, 0].item<long>());
        Assert.Equal(3, x.roll(1L, 2L)[0, 0, 0].item<long>());
        Assert.Equal([2L, 3, 2, 2], x.unfold(2, 2, 2).shape);
        Assert.Equal([[2L, 3], [2, 3]], meshgrid([arange(2), arange(3)]).Select(grid => grid.shape));
    }

    [Fact]
    public void Factories_make_what_they_say()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([2f, 2, 2], full([3], 2.0f).data<float>());
        Assert.Equal(ScalarType.Int64, full([1], 2).dtype);
        Assert.Equal([0L, 1, 2], arange(3).data<long>());
        Assert.Equal([1f, 1.5f], arange(1, 2, 0.5).data<float>());
        Assert.Equal([0f, 0.5f, 1], linspace(0, 1, 3).data<float>());
        Assert.Equal([1f, 0, 0, 1], eye(2).data<float>());
        Assert.Equal([0L, 0], zeros_like(torch.tensor([5L, 6])).data<long>());
        Assert.Equal(ScalarType.Float64, ones(2, 2, float64).dtype);
        Assert.True(zeros([2], requires_grad: true).requires_grad);
        Assert.Equal([0L, 1, 2, 3], randperm(4).sort().Values.data<long>());
        Assert.InRange(randint(2, 5, [100]).min().item<long>(), 2, 4);
        Assert.Throws<NotSupportedException>(() => zeros([1], names: ["N"]));
    }

    /// <summary>Operators are named in texts: a misspelt one would only show when it is called.</summary>
    [Fact]
    public void Every_operator_that_the_sources_name_exists()
    {
        var pattern = new Regex(@"(?:Call|Call2|Call3|CallList|CallScalar|Mutate)\(\s*""([a-zA-Z0-9_.]+)""");
        string sources = Path.Combine(Repository.Root, "src", "TorchSharp");
        string[] names = [.. Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => pattern.Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(names.Length > 200);
        Assert.Empty(names.Where(name => Native.torchshim_operator(name, out _) != 0));
    }
}
