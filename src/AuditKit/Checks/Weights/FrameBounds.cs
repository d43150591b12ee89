namespace AuditKit.Checks.Weights;

/// <summary>
/// The frame bounds of a layer: the extreme eigenvalues A and B of V = WᵀW, or of WWᵀ where that is smaller, so that
/// A·‖z‖² ≤ ‖Wz‖² ≤ B·‖z‖².
/// </summary>
/// <param name="A">The smallest eigenvalue; 0 where it cannot be told from 0. Approached from above where not exact.</param>
/// <param name="B">The largest eigenvalue, approached from below where not exact.</param>
/// <param name="Steps">Steps of Lanczos' method; 0 where all eigenvalues of the matrix were computed.</param>
/// <param name="IsSettled">Whether more steps would hardly have changed A and B.</param>
internal sealed record FrameBounds(double A, double B, int Steps, bool IsSettled)
{
    /// <summary>The shorter side of the largest convolution whose matrix is built, if it has no more than 16 million entries.</summary>
    public const int Dense = 512;

    private const long LargestMatrix = 1 << 24;

    // The budget of Lanczos' method: seconds of computation, and no more steps than rounding allows.
    private const long MultiplicationsAtMost = 10_000_000_000;
    private const int MostSteps = 300;
    private const int LeastSteps = 30;
    private const int StepsBetweenTests = 10;

    /// <summary>The relative change of both ends between two tests of convergence below which the method has converged.</summary>
    private const double Settled = 1e-5;

    /// <summary>The share of the largest diagonal entry below which rounding is all that is left.</summary>
    private const double Negligible = 1e-12;

    /// <summary>λmax/λmin; where the smallest eigenvalue cannot be told from 0, the largest that could be.</summary>
    public double ConditionNumber => B / Math.Max(A, Resolution(B));

    /// <summary>Whether all eigenvalues were computed, rather than the extreme ones approached.</summary>
    public bool IsExact => Steps == 0;

    /// <summary>Whether the true condition number may be much larger than <see cref="ConditionNumber"/>.</summary>
    public bool IsLowerBound => !IsSettled || A == 0;

    /// <summary>The bounds of a small matrix, given as rows.</summary>
    public static FrameBounds OfMatrix(double[][] rows)
    {
        Tridiagonal gram = Gram(rows);
        return Of(gram.Eigenvalue(0), gram.Eigenvalue(gram.Size - 1));
    }

    /// <summary>Exact bounds, the smaller one being 0 where rounding may have made it.</summary>
    public static FrameBounds Of(double smallest, double largest)
        => new(smallest > Resolution(largest) ? smallest : 0, largest, 0, true);

    /// <summary>The bounds of maps that stand beside each other along a diagonal, all of them tall or all of them wide.</summary>
    public static FrameBounds OfBlocks(IReadOnlyList<FrameBounds> blocks)
    {
        (double smallest, double largest) = (blocks.Min(block => block.A), blocks.Max(block => block.B));
        return new(smallest > Resolution(largest) ? smallest : 0, largest, blocks.Max(block => block.Steps), blocks.All(block => block.IsSettled));
    }

    /// <summary>
    /// The bounds of an operator: of its matrix where one side is small, otherwise by Lanczos' method on V, which is
    /// x ↦ Wᵀ(Wx) or y ↦ W(Wᵀy), whichever is shorter. Where V can be factored, A is the reciprocal of the largest
    /// eigenvalue of V⁻¹: there the end that V crowds together lies far apart, and few steps find it.
    /// </summary>
    /// <param name="layer">The operator.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="cancellation">Stops the computation.</param>
    public static FrameBounds OfOperator(LinearOperator layer, int threads, CancellationToken cancellation)
    {
        bool isWide = layer.Rows < layer.Columns;
        int side = Math.Min(layer.Rows, layer.Columns);
        if (side <= Dense && (long)layer.Rows * layer.Columns <= LargestMatrix)
        {
            return OfMatrix(layer.ToMatrix());
        }

        double[] between = new double[Math.Max(layer.Rows, layer.Columns)];
        int most = (int)Math.Clamp(MultiplicationsAtMost / (2 * layer.Cost), LeastSteps, MostSteps);
        using BandedCholesky? gram = layer.Gram();
        if (gram is null)
        {
            return Lanczos(side, most, bothEnds: true, Multiply, cancellation);
        }

        FrameBounds largest = Lanczos(side, most, bothEnds: false, Multiply, cancellation);
        if (!gram.Factor(threads, cancellation))
        {
            return largest with { A = 0 };
        }

        FrameBounds inverse = Lanczos(side, MostSteps, bothEnds: false, gram.Solve, cancellation);
        double smallest = 1 / inverse.B;
        return new(smallest > Resolution(largest.B) ? smallest : 0, largest.B, largest.Steps + inverse.Steps, largest.IsSettled && inverse.IsSettled);

        void Multiply(double[] from, double[] to)
        {
            if (isWide)
            {
                layer.ApplyAdjoint(from, between);
                layer.Apply(between, to);
            }
            else
            {
                layer.Apply(from, between);
                layer.ApplyAdjoint(between, to);
            }
        }
    }

    /// <summary>
    /// Lanczos' method with a three-term recurrence (Paige 1972: without reorthogonalisation eigenvalues come twice,
    /// but the extreme ones come right). Stops when neither end moves any more, or the upper one alone where that is
    /// all that is asked for.
    /// </summary>
    private static FrameBounds Lanczos(int side, int most, bool bothEnds, Action<double[], double[]> multiply, CancellationToken cancellation)
    {
        var random = CounterRandom.For(0, "lanczos", side);
        double[] previous = new double[side];
        double[] current = [.. Enumerable.Range(0, side).Select(_ => random.NextNormal())];
        double[] next = new double[side];
        Scale(current, 1 / Math.Sqrt(Tridiagonal.Inner(current, current)));
        List<double> diagonal = [];
        List<double> offDiagonal = [];
        (double smallest, double largest) = (double.PositiveInfinity, 0);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            multiply(current, next);
            diagonal.Add(Tridiagonal.Inner(current, next));
            for (int i = 0; i < side; i++)
            {
                next[i] -= (diagonal[^1] * current[i]) + (offDiagonal.Count > 0 ? offDiagonal[^1] * previous[i] : 0);
            }

            double norm = Math.Sqrt(Tridiagonal.Inner(next, next));
            bool isLast = diagonal.Count == Math.Min(most, side) || norm <= Negligible * diagonal.Max(Math.Abs);
            if (isLast || diagonal.Count % StepsBetweenTests == 0)
            {
                var matrix = new Tridiagonal(diagonal, offDiagonal);
                (double smallestBefore, double largestBefore) = (smallest, largest);
                (smallest, largest) = (matrix.Eigenvalue(0), matrix.Eigenvalue(diagonal.Count - 1));
                // The residual vanishes where the vectors so far span an invariant subspace: the eigenvalues found are exact then.
                bool isSettled = norm <= Negligible * largest
                    || ((!bothEnds || smallestBefore - smallest <= Settled * smallest) && largest - largestBefore <= Settled * largest);
                if (isLast || isSettled)
                {
                    return new FrameBounds(smallest > Resolution(largest) ? smallest : 0, largest, diagonal.Count, isSettled);
                }
            }

            offDiagonal.Add(norm);
            Scale(next, 1 / norm);
            (previous, current, next) = (current, next, previous);
        }
    }

    /// <summary>The eigenvalues of the smaller Gram matrix of rows, ascending.</summary>
    public static double[] GramEigenvalues(double[][] rows) => Gram(rows).Eigenvalues();

    /// <summary>The smaller Gram matrix of rows, made tridiagonal.</summary>
    private static Tridiagonal Gram(double[][] rows)
    {
        int columns = rows[0].Length;
        double[][] vectors = rows.Length <= columns
            ? rows
            : [.. Enumerable.Range(0, columns).Select(column => rows.Select(row => row[column]).ToArray())];
        double[][] gram = [.. vectors.Select(_ => new double[vectors.Length])];
        Parallel.For(0, vectors.Length, i =>
        {
            for (int j = 0; j <= i; j++)
            {
                gram[i][j] = Tridiagonal.Inner(vectors[i], vectors[j]);
            }
        });
        for (int i = 0; i < gram.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                gram[j][i] = gram[i][j];
            }
        }

        return Tridiagonal.Of(gram);
    }

    /// <summary>Eigenvalues below are rounding: of weights of 32 bits and sums of 64.</summary>
    private static double Resolution(double largest) => Math.Max(1e-13 * largest, double.Epsilon);

    private static void Scale(double[] vector, double factor)
    {
        foreach (ref double value in vector.AsSpan())
        {
            value *= factor;
        }
    }
}
