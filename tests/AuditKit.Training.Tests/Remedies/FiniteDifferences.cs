using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies;

/// <summary>Gradients as difference quotients, in double precision.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-6;

    /// <summary>Fails unless autograd's gradient of a scalar function is its central difference quotient in every coordinate.</summary>
    /// <param name="function">From a tensor of x's shape to a scalar.</param>
    /// <param name="x">A point where the function is differentiable; 64-bit floats.</param>
    /// <param name="tolerance">By how much a coordinate may differ, as a share of the largest.</param>
    public static void AgreeWithAutograd(Func<Tensor, Tensor> function, Tensor x, double tolerance = 1e-6)
    {
        Assert.Equal(ScalarType.Float64, x.dtype);
        Tensor point = x.detach().clone().requires_grad_();
        double[] gradient = [.. autograd.grad([function(point)], [point])[0].contiguous().data<double>()];
        double largest = gradient.Max(Math.Abs);
        Assert.True(largest > 0, "the gradient is zero everywhere, which shows nothing");
        double[] values = [.. x.detach().contiguous().data<double>()];
        for (int i = 0; i < values.Length; i++)
        {
            double quotient = (At(i, Step) - At(i, -Step)) / (2 * Step);
            Assert.True(Math.Abs(quotient - gradient[i]) <= tolerance * largest, $"coordinate {i}: autograd says {gradient[i]}, differences say {quotient}");
        }

        double At(int coordinate, double change)
        {
            double[] moved = [.. values];
            moved[coordinate] += change;
            return function(tensor(moved, x.shape)).item<double>();
        }
    }
}
