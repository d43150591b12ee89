using System.Numerics;
using System.Runtime.InteropServices;

namespace AuditKit.Checks.Weights;

/// <summary>A symmetric tridiagonal matrix, whose eigenvalues are found by bisection, each by itself.</summary>
/// <param name="diagonal">n numbers.</param>
/// <param name="beside">The n − 1 numbers beside the diagonal; further ones are not looked at.</param>
internal sealed class Tridiagonal(IReadOnlyList<double> diagonal, IReadOnlyList<double> beside)
{
    private const int MatrixWorthThreads = 128;

    /// <summary>Rows n.</summary>
    public int Size => diagonal.Count;

    /// <summary>All eigenvalues, ascending.</summary>
    public double[] Eigenvalues()
    {
        double[] eigenvalues = new double[diagonal.Count];
        Parallel.For(0, eigenvalues.Length, index => eigenvalues[index] = Eigenvalue(index));
        return eigenvalues;
    }

    /// <summary>
    /// One eigenvalue. The pivots of T − λI that are negative are as many as eigenvalues below λ (Sylvester's law of
    /// inertia), so that halving an interval finds any of them to the last digits of the largest (Givens 1954).
    /// </summary>
    /// <param name="index">0 for the smallest, n − 1 for the largest.</param>
    public double Eigenvalue(int index)
    {
        // Gershgorin's discs hold all eigenvalues.
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (int i = 0; i < diagonal.Count; i++)
        {
            double radius = (i > 0 ? Math.Abs(beside[i - 1]) : 0) + (i < diagonal.Count - 1 ? Math.Abs(beside[i]) : 0);
            (low, high) = (Math.Min(low, diagonal[i] - radius), Math.Max(high, diagonal[i] + radius));
        }

        double smallest = 1e-16 * Math.Max(Math.Abs(low), Math.Abs(high));
        while (high - low > 2 * smallest)
        {
            double middle = low + ((high - low) / 2);
            if (middle == low || middle == high)
            {
                break;
            }

            (low, high) = CountBelow(middle, smallest) > index ? (low, middle) : (middle, high);
        }

        return low + ((high - low) / 2);
    }

    /// <summary>
    /// Reduces a symmetric matrix to a tridiagonal one of the same eigenvalues by Householder's reflections: with v the
    /// unit vector that takes a column's lower part onto its first axis, A ← A − vwᵀ − wvᵀ, w = 2(Av − (vᵀAv)v).
    /// </summary>
    /// <param name="matrix">n rows of n numbers, overwritten.</param>
    public static Tridiagonal Of(double[][] matrix)
    {
        int n = matrix.Length;
        double[] beside = new double[Math.Max(0, n - 1)];
        double[] v = new double[n];
        double[] w = new double[n];
        for (int k = 0; k < n - 1; k++)
        {
            int first = k + 1;
            ReadOnlySpan<double> column = matrix[k].AsSpan(first);
            double norm = Math.Sqrt(Inner(column, column));
            beside[k] = column[0] > 0 ? -norm : norm;
            column.CopyTo(v.AsSpan(first));
            v[first] -= beside[k];
            double length = Math.Sqrt(Inner(v.AsSpan(first), v.AsSpan(first)));
            if (length <= 0 || k == n - 2)
            {
                beside[k] = column[0] is 0 || k == n - 2 ? column[0] : beside[k];
                continue;
            }

            foreach (ref double value in v.AsSpan(first))
            {
                value /= length;
            }

            Each(first, n, i => w[i] = Inner(matrix[i].AsSpan(first), v.AsSpan(first)));
            double inner = Inner(v.AsSpan(first), w.AsSpan(first));
            for (int i = first; i < n; i++)
            {
                w[i] = 2 * (w[i] - (inner * v[i]));
            }

            Each(first, n, i => Subtract(matrix[i].AsSpan(first), v[i], w.AsSpan(first), w[i], v.AsSpan(first)));
        }

        return new Tridiagonal([.. matrix.Select((row, i) => row[i])], beside);
    }

    private int CountBelow(double value, double smallest)
    {
        int count = 0;
        double pivot = 1;
        for (int i = 0; i < diagonal.Count; i++)
        {
            pivot = diagonal[i] - value - (i > 0 ? beside[i - 1] * beside[i - 1] / pivot : 0);
            // A pivot that cancelled to 0 is replaced by a tiny number.
            pivot = Math.Abs(pivot) < smallest ? -Math.Max(smallest, double.Epsilon) : pivot;
            count += pivot < 0 ? 1 : 0;
        }

        return count;
    }

    private static void Each(int first, int end, Action<int> row)
    {
        if (end - first >= MatrixWorthThreads)
        {
            Parallel.For(first, end, row);
            return;
        }

        for (int i = first; i < end; i++)
        {
            row(i);
        }
    }

    // Not TensorPrimitives.Dot, whose sum depends on how wide the machine's vectors are, nor its MultiplyAdd, which from 256 KB on
    // writes past the cache that the next product reads.

    /// <summary>Σ a·b.</summary>
    internal static double Inner(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector<double>> first = MemoryMarshal.Cast<double, Vector<double>>(a);
        ReadOnlySpan<Vector<double>> second = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> sums = default;
        for (int i = 0; i < first.Length; i++)
        {
            sums += first[i] * second[i];
        }

        double sum = Vector.Sum(sums);
        for (int i = first.Length * Vector<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>to += weight · from.</summary>
    internal static void AddScaled(ReadOnlySpan<double> from, double weight, Span<double> to)
    {
        ReadOnlySpan<Vector<double>> froms = MemoryMarshal.Cast<double, Vector<double>>(from);
        Span<Vector<double>> tos = MemoryMarshal.Cast<double, Vector<double>>(to);
        var weights = new Vector<double>(weight);
        for (int i = 0; i < froms.Length; i++)
        {
            tos[i] += froms[i] * weights;
        }

        for (int i = froms.Length * Vector<double>.Count; i < from.Length; i++)
        {
            to[i] += from[i] * weight;
        }
    }

    /// <summary>row −= a·x + b·y.</summary>
    private static void Subtract(Span<double> row, double a, ReadOnlySpan<double> x, double b, ReadOnlySpan<double> y)
    {
        Span<Vector<double>> rows = MemoryMarshal.Cast<double, Vector<double>>(row);
        ReadOnlySpan<Vector<double>> xs = MemoryMarshal.Cast<double, Vector<double>>(x);
        ReadOnlySpan<Vector<double>> ys = MemoryMarshal.Cast<double, Vector<double>>(y);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] -= (xs[i] * a) + (ys[i] * b);
        }

        for (int i = rows.Length * Vector<double>.Count; i < row.Length; i++)
        {
            row[i] -= (a * x[i]) + (b * y[i]);
        }
    }
}
