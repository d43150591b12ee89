using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.LastLayer;

/// <summary>
/// Multinomial logistic regression with a penalty, Σ_i a_i·CE(W·x_i, y_i) + R(W), by the fast proximal gradient method (Beck and
/// Teboulle, FISTA, 2009) that restarts where momentum leads uphill (O'Donoghue and Candès, 2015). Convex: the start matters for time alone.
/// </summary>
/// <param name="features">x, n×D, 64-bit floats.</param>
/// <param name="labels">y, n classes, int64.</param>
/// <param name="weights">a, n of them, 64-bit floats.</param>
internal sealed class LogisticRegression(Tensor features, Tensor labels, Tensor weights)
{
    private const int MostSteps = 5000, PowerSteps = 100;

    /// <summary>The largest entry of the (generalised) gradient at which a fit ends.</summary>
    private const double Tolerance = 1e-6;

    // The same for every penalty.
    private readonly double _curvature = Curvature(features, weights);

    /// <summary>What a card says of fits that were stopped.</summary>
    /// <param name="stopped">How many were.</param>
    /// <param name="fits">Of how many.</param>
    public static string Caveat(int stopped, int fits) => stopped == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"\n**{stopped} of {fits}** fits of the layer that was written stopped after {MostSteps} steps, before the gradient was {Tolerance} or less "
            + $"everywhere: the layer is near the minimum, not at it.\n");

    /// <summary>A penalty's proximal operator: argmin_V R(V) + ‖V − point‖²/(2·step).</summary>
    public delegate Tensor Proximal(Tensor point, double step);

    /// <summary>R(W) = Σ λ_j·|w_kj|.</summary>
    /// <param name="strengths">λ for each of D columns; 0 for a bias.</param>
    public static Proximal Lasso(Tensor strengths) => (point, step) => point.sign() * (point.abs() - (strengths * step)).relu();

    /// <summary>R(W) = λ·‖W − A‖².</summary>
    /// <param name="strength">λ.</param>
    /// <param name="anchor">A, K×D.</param>
    public static Proximal Ridge(double strength, Tensor anchor) => (point, step) => (point + (anchor * (2 * step * strength))) / (1 + (2 * step * strength));

    /// <summary>Fits W.</summary>
    /// <param name="start">K×D, 64-bit floats.</param>
    /// <param name="proximal">The penalty.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>K×D weights, which belong to the caller's dispose scope, and whether they are a minimum.</returns>
    public LogisticFit Fit(Tensor start, Proximal proximal, CancellationToken cancellation = default)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        if (_curvature == 0)
        {
            // Of features that are all zeros nothing can be learnt.
            return new LogisticFit(start.clone().MoveToOuterDisposeScope(), IsMinimum: true);
        }

        Tensor truth = nn.functional.one_hot(labels, start.shape[0]).to(ScalarType.Float64);
        Tensor scale = weights.unsqueeze(1);
        double step = 1 / _curvature;
        (Tensor best, Tensor point, double momentum) = (start.clone(), start.clone(), 1);
        bool ends = false;
        for (int i = 0; i < MostSteps && !ends; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope ofStep = NewDisposeScope();
            Tensor gradient = ((features.mm(point.t()).softmax(1) - truth) * scale).t().mm(features);
            Tensor next = proximal(point - (gradient * step), step);
            Tensor change = next - best;
            Tensor residual = point - next;
            ends = residual.abs().max().item<double>() <= Tolerance * step;
            bool restarts = (residual * change).sum().item<double>() > 0;
            double following = restarts ? 1 : (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            Tensor ahead = restarts ? next.clone() : next + (change * ((momentum - 1) / following));
            best.Dispose();
            point.Dispose();
            (best, point, momentum) = (next.MoveToOuterDisposeScope(), ahead.MoveToOuterDisposeScope(), following);
        }

        return new LogisticFit(best.MoveToOuterDisposeScope(), ends);
    }

    // The loss's Hessian is at most ½·λmax(Σ a_i·x_i·x_iᵀ), found by power iteration from below: 2 % are added.
    private static double Curvature(Tensor features, Tensor weights)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        Tensor scale = weights.unsqueeze(1);
        Tensor vector = ones([features.shape[1], 1], ScalarType.Float64);
        double largest = 0;
        for (int i = 0; i < PowerSteps; i++)
        {
            vector = features.t().mm(features.mm(vector) * scale);
            largest = vector.norm().item<double>();
            if (largest == 0)
            {
                // The start was orthogonal to all of them: the sum of the eigenvalues is a bound, too.
                return 0.5 * (features.square() * scale).sum().item<double>();
            }

            vector /= largest;
        }

        return 0.51 * largest;
    }
}

/// <summary>What a logistic regression ended with.</summary>
/// <param name="Weights">K×D.</param>
/// <param name="IsMinimum">Whether the gradient vanishes there, up to the tolerance; otherwise the steps were spent before.</param>
internal readonly record struct LogisticFit(Tensor Weights, bool IsMinimum);
