using System.Buffers;
using System.Numerics;

namespace AuditKit.Checks.Weights;

/// <summary>
/// A symmetric positive matrix with nothing farther than a band from its diagonal, and its factor A = LLᵀ, which has the
/// same band: what multiplication by A⁻¹ takes.
/// </summary>
internal sealed class BandedCholesky : IDisposable
{
    // Rows are taken four at a time and columns two, so that most of what is multiplied comes from registers; columns in
    // blocks that stay in the cache. The sizes are constants, for the order of sums must not depend on the threads.
    private const int RowsAtOnce = 4;
    private const int RowsOfUnit = 16;
    private const int RowsOfBlock = 64;
    private const int ColumnsOfBlock = 32;

    /// <summary>A pivot below this share of the largest diagonal element is one that rounding has lost.</summary>
    private const double Lost = 1e-14;

    private readonly double[] _rows;
    private readonly int _stride;

    /// <param name="side">Rows n.</param>
    /// <param name="band">The largest distance of an element that is not 0 from the diagonal.</param>
    public BandedCholesky(int side, int band)
    {
        (Side, Band) = (side, Math.Min(band, side - 1));
        // A row holds the columns from the band's edge to the diagonal, padded with zeros where neighbouring rows begin earlier.
        _stride = Band + RowsAtOnce;
        // Factors are large, and many layers have factors of the same size: the arrays are shared through a pool.
        int length = checked(side * _stride);
        _rows = ArrayPool<double>.Shared.Rent(length);
        Array.Clear(_rows, 0, length);
    }

    /// <summary>Rows n.</summary>
    public int Side { get; }

    /// <summary>The largest distance of an element that is not 0 from the diagonal.</summary>
    public int Band { get; }

    /// <summary>Numbers that a matrix takes.</summary>
    public static long Storage(long side, long band) => side * (band + RowsAtOnce);

    /// <summary>An element on or below the diagonal: of the matrix, and of the factor once there is one.</summary>
    public ref double this[int row, int column] => ref _rows[At(row, column)];

    /// <summary>Replaces the matrix by its factor.</summary>
    /// <returns>False where the matrix is singular as far as double precision can tell; it is of no use then.</returns>
    public bool Factor(int threads, CancellationToken cancellation)
    {
        double largest = 0;
        for (int i = 0; i < Side; i++)
        {
            largest = Math.Max(largest, this[i, i]);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        for (int first = 0; first < Side; first += RowsOfBlock)
        {
            int end = Math.Min(first + RowsOfBlock, Side);
            int units = (end - first + RowsOfUnit - 1) / RowsOfUnit;
            Parallel.For(0, units, parallel, unit => LeftOf(first, first + (unit * RowsOfUnit), Math.Min(first + ((unit + 1) * RowsOfUnit), end)));
            for (int i = first; i < end; i++)
            {
                for (int j = Math.Max(first, i - Band); j < i; j++)
                {
                    this[i, j] = (this[i, j] - Inner(i, j, Math.Max(0, i - Band), j)) / this[j, j];
                }

                double pivot = this[i, i] - Inner(i, i, Math.Max(0, i - Band), i);
                if (!(pivot > Lost * largest))
                {
                    return false;
                }

                this[i, i] = Math.Sqrt(pivot);
            }
        }

        return true;
    }

    /// <summary>x = A⁻¹y, by the factor.</summary>
    public void Solve(double[] y, double[] x)
    {
        for (int i = 0; i < Side; i++)
        {
            int first = Math.Max(0, i - Band);
            x[i] = (y[i] - Tridiagonal.Inner(Row(i, first, i), x.AsSpan(first, i - first))) / this[i, i];
        }

        for (int i = Side - 1; i >= 0; i--)
        {
            int first = Math.Max(0, i - Band);
            x[i] /= this[i, i];
            Tridiagonal.AddScaled(Row(i, first, i), -x[i], x.AsSpan(first, i - first));
        }
    }

    /// <summary>Gives the array back; the matrix cannot be used any more.</summary>
    public void Dispose() => ArrayPool<double>.Shared.Return(_rows);

    /// <summary>The factor's elements of some rows in all columns before a block's.</summary>
    private void LeftOf(int block, int start, int end)
    {
        for (int columns = Math.Max(0, start - Band); columns < block; columns += ColumnsOfBlock)
        {
            int columnsEnd = Math.Min(columns + ColumnsOfBlock, block);
            for (int row = start; row < end; row += RowsAtOnce)
            {
                Subtract(row, Math.Min(RowsAtOnce, end - row), columns, columnsEnd);
            }
        }
    }

    private void Subtract(int row, int count, int columns, int columnsEnd)
    {
        int first = Math.Max(0, row - Band);
        if (columnsEnd <= first)
        {
            return;
        }

        columns = Math.Max(columns, first);
        int column = columns;
        for (; count == RowsAtOnce && column + 1 < columnsEnd; column += 2)
        {
            SubtractTile(row, column, first, columns);
        }

        for (; column < columnsEnd; column++)
        {
            for (int i = row; i < row + count; i++)
            {
                if (column >= i - Band)
                {
                    this[i, column] -= Inner(i, column, first, columns);
                }
            }
        }

        for (int i = row; i < row + count; i++)
        {
            for (int j = Math.Max(columns, i - Band); j < columnsEnd; j++)
            {
                this[i, j] = (this[i, j] - Inner(i, j, columns, j)) / this[j, j];
            }
        }
    }

    /// <summary>Takes the products of four rows with two, over some columns, from where those rows and these columns meet.</summary>
    private void SubtractTile(int row, int column, int first, int end)
    {
        ref double a0 = ref _rows[At(row, first)], a1 = ref _rows[At(row + 1, first)], a2 = ref _rows[At(row + 2, first)], a3 = ref _rows[At(row + 3, first)];
        ref double b0 = ref _rows[At(column, first)], b1 = ref _rows[At(column + 1, first)];
        Vector<double> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        int count = end - first;
        int k = 0;
        for (; k <= count - Vector<double>.Count; k += Vector<double>.Count)
        {
            Vector<double> x = Vector.LoadUnsafe(ref b0, (nuint)k), y = Vector.LoadUnsafe(ref b1, (nuint)k);
            Vector<double> a = Vector.LoadUnsafe(ref a0, (nuint)k);
            (s00, s01) = (Vector.FusedMultiplyAdd(a, x, s00), Vector.FusedMultiplyAdd(a, y, s01));
            a = Vector.LoadUnsafe(ref a1, (nuint)k);
            (s10, s11) = (Vector.FusedMultiplyAdd(a, x, s10), Vector.FusedMultiplyAdd(a, y, s11));
            a = Vector.LoadUnsafe(ref a2, (nuint)k);
            (s20, s21) = (Vector.FusedMultiplyAdd(a, x, s20), Vector.FusedMultiplyAdd(a, y, s21));
            a = Vector.LoadUnsafe(ref a3, (nuint)k);
            (s30, s31) = (Vector.FusedMultiplyAdd(a, x, s30), Vector.FusedMultiplyAdd(a, y, s31));
        }

        (int rest, int place) = (first + k, At(row, column));
        int down = _stride - 1;
        _rows[place] -= Vector.Sum(s00) + Inner(row, column, rest, end);
        _rows[place + 1] -= Vector.Sum(s01) + Inner(row, column + 1, rest, end);
        _rows[place + down] -= Vector.Sum(s10) + Inner(row + 1, column, rest, end);
        _rows[place + down + 1] -= Vector.Sum(s11) + Inner(row + 1, column + 1, rest, end);
        _rows[place + (2 * down)] -= Vector.Sum(s20) + Inner(row + 2, column, rest, end);
        _rows[place + (2 * down) + 1] -= Vector.Sum(s21) + Inner(row + 2, column + 1, rest, end);
        _rows[place + (3 * down)] -= Vector.Sum(s30) + Inner(row + 3, column, rest, end);
        _rows[place + (3 * down) + 1] -= Vector.Sum(s31) + Inner(row + 3, column + 1, rest, end);
    }

    // Rows begin three columns before the band's edge, so that of four neighbouring rows all have the first one's columns.
    private int At(int row, int column) => (row * _stride) + column - row + _stride - 1;

    private Span<double> Row(int row, int first, int end) => _rows.AsSpan(At(row, first), end - first);

    private double Inner(int row, int other, int first, int end) => Tridiagonal.Inner(Row(row, first, end), Row(other, first, end));
}
