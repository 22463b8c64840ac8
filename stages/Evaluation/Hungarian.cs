namespace InMARS.Stages.Evaluation;

/// <summary>The assignment problem: pairs rows and columns so that the sum of what the pairs earn is greatest.</summary>
/// <remarks>
/// Kuhn 1955, in the form of shortest augmenting paths with potentials (Jonker and Volgenant 1987): O(n² m) for n rows and
/// m columns with n at most m. Whole numbers throughout, so the optimum is exact.
/// </remarks>
public static class Hungarian
{
    /// <summary>Pairs every row with a column of its own, or every column with a row where columns are fewer.</summary>
    /// <param name="profit">What each pair earns, <c>[rows, columns]</c>; sums must fit a long.</param>
    /// <returns>Column of each row; null for rows that stay alone, of which there are as many as rows exceed columns.</returns>
    public static IReadOnlyList<int?> Assign(long[,] profit)
    {
        var (rows, columns) = (profit.GetLength(0), profit.GetLength(1));
        var columnOf = new int?[rows];
        if (rows <= columns)
        {
            var rowOf = RowOfColumn(rows, columns, (row, column) => -profit[row, column]);
            for (var column = 0; column < columns; column++)
            {
                if (rowOf[column] is var row and >= 0)
                {
                    columnOf[row] = column;
                }
            }
        }
        else
        {
            var swapped = RowOfColumn(columns, rows, (column, row) => -profit[row, column]);
            for (var row = 0; row < rows; row++)
            {
                columnOf[row] = swapped[row] is var column and >= 0 ? column : null;
            }
        }

        return columnOf;
    }

    /// <summary>Cheapest assignment for <paramref name="rows"/> not above <paramref name="columns"/>; -1 for columns without a row.</summary>
    private static int[] RowOfColumn(int rows, int columns, Func<int, int, long> cost)
    {
        // Column 0 is a place outside the matrix where each search starts; all others are shifted by one.
        var state = new Search(new long[rows], new long[columns + 1], new int[columns + 1], new int[columns + 1], cost);
        Array.Fill(state.RowOf, -1);
        for (var row = 0; row < rows; row++)
        {
            state.RowOf[0] = row;
            Augment(state, FreeColumn(state));
        }

        return state.RowOf[1..];
    }

    private sealed record Search(long[] RowPrice, long[] ColumnPrice, int[] RowOf, int[] Before, Func<int, int, long> Cost);

    /// <summary>Grows a tree of cheapest paths from the row at place 0 until it meets a column without a row.</summary>
    private static int FreeColumn(Search s)
    {
        var distance = new long[s.RowOf.Length];
        var done = new bool[s.RowOf.Length];
        Array.Fill(distance, long.MaxValue);
        var at = 0;
        do
        {
            done[at] = true;
            Relax(s, at, distance, done);
            var next = Nearest(distance, done);
            Reprice(s, distance, done, distance[next]);
            at = next;
        }
        while (s.RowOf[at] >= 0);
        return at;
    }

    private static void Relax(Search s, int at, long[] distance, bool[] done)
    {
        var row = s.RowOf[at];
        for (var j = 1; j < distance.Length; j++)
        {
            if (!done[j] && s.Cost(row, j - 1) - s.RowPrice[row] - s.ColumnPrice[j] is var reduced && reduced < distance[j])
            {
                distance[j] = reduced;
                s.Before[j] = at;
            }
        }
    }

    private static int Nearest(long[] distance, bool[] done)
    {
        var nearest = -1;
        for (var j = 1; j < distance.Length; j++)
        {
            if (!done[j] && (nearest < 0 || distance[j] < distance[nearest]))
            {
                nearest = j;
            }
        }

        return nearest;
    }

    private static void Reprice(Search s, long[] distance, bool[] done, long step)
    {
        for (var j = 0; j < distance.Length; j++)
        {
            if (done[j])
            {
                s.RowPrice[s.RowOf[j]] += step;
                s.ColumnPrice[j] -= step;
            }
            else
            {
                distance[j] -= step;
            }
        }
    }

    private static void Augment(Search s, int column)
    {
        while (column != 0)
        {
            s.RowOf[column] = s.RowOf[s.Before[column]];
            column = s.Before[column];
        }
    }
}
