namespace AuditKit.Checks.Weights;

/// <summary>A layer's linear part W, m×n, by what it does to vectors.</summary>
internal abstract class LinearOperator
{
    /// <summary>Length m of an output.</summary>
    public abstract int Rows { get; }

    /// <summary>Length n of an input.</summary>
    public abstract int Columns { get; }

    /// <summary>Multiplications that <see cref="Apply"/> takes.</summary>
    public abstract long Cost { get; }

    /// <summary>y = Wx.</summary>
    /// <param name="x">n numbers.</param>
    /// <param name="y">Receives m numbers.</param>
    public abstract void Apply(double[] x, double[] y);

    /// <summary>x = Wᵀy, the adjoint.</summary>
    /// <param name="y">m numbers.</param>
    /// <param name="x">Receives n numbers.</param>
    public abstract void ApplyAdjoint(double[] y, double[] x);

    /// <summary>W itself, as rows.</summary>
    public abstract double[][] ToMatrix();

    /// <summary>WᵀW, or WWᵀ where that is smaller, to be factored; null where that would take too long or too much memory.</summary>
    public abstract BandedCholesky? Gram();
}
