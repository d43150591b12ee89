using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>
/// A function f of R^D whose gradient has norm 1 almost everywhere: a layer of orthonormal rows and MaxMin (Anil, Lucas &amp;
/// Grosse, Sorting out Lipschitz function approximation, ICML 2019), which keep every gradient's norm; then, with z = (u, v)
/// cut in two, t(u, v) = α·g(u) + √(1 − α²)·h(v). g and h are minima of functions of slope 1, which have slope 1: g(u) =
/// min_i (ψ_i + ‖u − u_i‖), u_i being where the layer puts the i-th of some anchors. With u whole and the source's points as
/// anchors such a minimum can be the Kantorovich potential itself; minima of affine functions stayed at two thirds of W1.
/// </summary>
internal sealed class Critic : IDisposable
{
    /// <summary>
    /// The most dimensions that the layer has. Differences of n filters lie in n − 1 dimensions, so that a layer of more filters is seen in the
    /// directions alone that the critic learns, and its bound is looser; a wider critic would cost more than the network's own step.
    /// </summary>
    internal const int MaxWidth = 64;

    private readonly Tensor _anchors;
    private readonly Tensor _offsets;
    private readonly Tensor _heights;
    private readonly Tensor _angle;
    private readonly long _width;

    /// <summary>A critic whose numbers lie in a vector that an optimiser changes.</summary>
    /// <param name="numbers">A vector of <see cref="Size"/>; the critic's parameters are leaves that share its memory.</param>
    /// <param name="anchors">n×D.</param>
    public Critic(Tensor numbers, Tensor anchors)
    {
        (_anchors, _width) = (anchors, Width(anchors));
        long start = 0;
        Rows = Leaf(1, _width, anchors.shape[1]);
        _offsets = Leaf(_width);
        _heights = Leaf(2, anchors.shape[0]);
        _angle = Leaf(1);

        Tensor Leaf(params long[] shape)
        {
            long length = shape.Aggregate(1L, (product, side) => product * side);
            Tensor part = numbers.narrow(0, start, length).view(shape).detach().requires_grad_().DetachFromDisposeScope();
            start += length;
            return part;
        }
    }

    /// <summary>The layer, see <see cref="OrthonormalRows"/>: 1×width×D.</summary>
    public Tensor Rows { get; }

    /// <summary>All parameters in the order of the vector: the layer first.</summary>
    public IEnumerable<Tensor> Parameters => [Rows, _offsets, _heights, _angle];

    /// <summary>How many numbers a critic with these anchors has.</summary>
    public static long Size(Tensor anchors) => (Width(anchors) * (anchors.shape[1] + 1)) + (2 * anchors.shape[0]) + 1;

    /// <summary>Draws a critic's numbers: a random layer, all ψ 0, α² the share of z that u has.</summary>
    /// <param name="random">The draws.</param>
    /// <param name="anchors">n×D.</param>
    public static Tensor Draw(CounterRandom random, Tensor anchors)
    {
        Tensor rows = OrthonormalRows.Draw(random, 1, Width(anchors), anchors.shape[1]);
        float[] offsets = new float[Width(anchors)];
        random.FillNormal(offsets, 0, 1);
        float angle = MathF.Asin(MathF.Sqrt((float)Minor(offsets.Length) / offsets.Length));
        return cat([rows.flatten(), tensor(offsets), zeros(2 * anchors.shape[0]), tensor([angle])]);
    }

    /// <summary>f of points, n×D, and of the anchors behind them: n + m numbers.</summary>
    /// <param name="points">The points; the anchors' coordinates are of the size 1/√D, offsets and ψ in units of that.</param>
    /// <param name="learns">Whether the critic's parameters get gradients.</param>
    public Tensor Values(Tensor points, bool learns)
    {
        double unit = 1 / Math.Sqrt(points.shape[1]);
        (Tensor rows, Tensor offsets, Tensor heights, Tensor angle) = learns
            ? (Rows, _offsets, _heights, _angle)
            : (Rows.detach(), _offsets.detach(), _heights.detach(), _angle.detach());
        Tensor z = MaxMin(nn.functional.linear(cat([points, _anchors]), OrthonormalRows.Unscaled(rows)[0], unit * offsets));
        if (_width == 1)
        {
            return LeastCone(z, unit * heights[0]);
        }

        long cut = _width - Minor(_width);
        return (angle.cos() * LeastCone(z.narrow(1, 0, cut), unit * heights[0]))
            + (angle.sin() * LeastCone(z.narrow(1, cut, _width - cut), unit * heights[1]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor parameter in Parameters)
        {
            parameter.Dispose();
        }
    }

    private static long Width(Tensor anchors) => Math.Min(MaxWidth, anchors.shape[1]);

    // How many of z's dimensions v has: few, because α·g + √(1 − α²)·h has slope 1 only where the directions of both are used in that proportion, so
    // that a critic that shares itself between g and h stays further below W1 than one that is nearly all g.
    private static long Minor(long width) => Math.Max(1, width / 8);

    // Sorts every pair of values; an odd one out stays: a permutation, which keeps norms.
    private static Tensor MaxMin(Tensor z)
    {
        long pairs = z.shape[1] / 2;
        Tensor paired = z.narrow(1, 0, 2 * pairs).reshape(z.shape[0], pairs, 2);
        return cat([paired.amax([2L]), paired.amin([2L]), z.narrow(1, 2 * pairs, z.shape[1] - (2 * pairs))], 1);
    }

    // min_i (ψ_i + ‖u − u_i‖); the anchors are the last points.
    private Tensor LeastCone(Tensor u, Tensor heights)
    {
        Tensor apexes = u.narrow(0, u.shape[0] - _anchors.shape[0], _anchors.shape[0]);
        Tensor least;
        using (no_grad())
        {
            // As squares of sums, whose rounding would swallow short distances: good enough to say which anchor it is.
            Tensor squares = u.square().sum([1L], keepdim: true) + apexes.square().sum([1L]) - (2 * u.mm(apexes.t()));
            least = (squares.clamp_min_(0).sqrt_() + heights).argmin(1);
        }

        return (u - apexes.index_select(0, least)).norm(1) + heights.index_select(0, least);
    }
}
