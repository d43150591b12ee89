namespace AuditKit.Statistics;

/// <summary>
/// The assignment problem: rows are given to columns, one each, so that the sum of what they gain is largest. Solved by
/// shortest augmenting paths with potentials (Jonker &amp; Volgenant 1987) in O(K³).
/// </summary>
public static class Assignment
{
    /// <summary>The best column of every row.</summary>
    /// <param name="gain">K×K: what a row gains by a column.</param>
    /// <exception cref="ArgumentException">The matrix is not square.</exception>
    public static int[] Best(int[,] gain)
    {
        ArgumentNullException.ThrowIfNull(gain);
        int size = gain.GetLength(0);
        if (size != gain.GetLength(1))
        {
            throw new ArgumentException($"{size}×{gain.GetLength(1)} is no square matrix.", nameof(gain));
        }

        // Row and column 0 stand for "none"; costs are gains turned round.
        var rowOf = new int[size + 1];
        long[] rowPotential = new long[size + 1], columnPotential = new long[size + 1];
        for (int row = 1; row <= size; row++)
        {
            int[] previous = Augment(gain, row, rowOf, rowPotential, columnPotential, out int column);
            for (; column != 0; column = previous[column])
            {
                rowOf[column] = rowOf[previous[column]];
            }
        }

        int[] columns = new int[size];
        for (int column = 1; column <= size; column++)
        {
            columns[rowOf[column] - 1] = column - 1;
        }

        return columns;
    }

    // The cheapest path from a row that has no column to a column that has no row, as each column's predecessor.
    private static int[] Augment(int[,] gain, int row, int[] rowOf, long[] rowPotential, long[] columnPotential, out int free)
    {
        int size = rowOf.Length - 1;
        int[] previous = new int[size + 1];
        bool[] visited = new bool[size + 1];
        long[] distance = new long[size + 1];
        Array.Fill(distance, long.MaxValue);
        (rowOf[0], free) = (row, 0);
        do
        {
            visited[free] = true;
            (int current, int next, long shortest) = (rowOf[free], 0, long.MaxValue);
            for (int column = 1; column <= size; column++)
            {
                if (visited[column])
                {
                    continue;
                }

                long reduced = -gain[current - 1, column - 1] - rowPotential[current] - columnPotential[column];
                if (reduced < distance[column])
                {
                    (distance[column], previous[column]) = (reduced, free);
                }

                if (distance[column] < shortest)
                {
                    (shortest, next) = (distance[column], column);
                }
            }

            for (int column = 0; column <= size; column++)
            {
                if (visited[column])
                {
                    rowPotential[rowOf[column]] += shortest;
                    columnPotential[column] -= shortest;
                }
                else
                {
                    distance[column] -= shortest;
                }
            }

            free = next;
        }
        while (rowOf[free] != 0);
        return previous;
    }
}
