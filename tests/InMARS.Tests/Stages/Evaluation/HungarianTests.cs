using CsCheck;
using InMARS.Stages.Evaluation;

namespace InMARS.Tests.Stages.Evaluation;

public class HungarianTests
{
    [Fact]
    public void Assign_solves_a_known_three_by_three()
    {
        long[,] profit = { { 7, 4, 3 }, { 6, 8, 5 }, { 9, 4, 4 } };

        Assert.Equal([2, 1, 0], Hungarian.Assign(profit));
    }

    [Fact]
    public void Assign_leaves_the_surplus_row_alone()
    {
        long[,] profit = { { 1, 2 }, { 9, 1 }, { 3, 8 } };

        Assert.Equal([null, 0, 1], Hungarian.Assign(profit));
    }

    [Fact]
    public void Assign_leaves_the_surplus_column_alone()
    {
        long[,] profit = { { 1, 9, 2 }, { 1, 8, 7 } };

        Assert.Equal([1, 2], Hungarian.Assign(profit));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    [InlineData(0, 0)]
    public void Assign_pairs_nothing_in_an_empty_matrix(int rows, int columns) =>
        Assert.Equal(new int?[rows], Hungarian.Assign(new long[rows, columns]));

    [Fact]
    public void Assign_earns_what_the_best_of_all_assignments_earns() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6])
            .SelectMany((rows, columns) => Gen.Long[-20, 20].Array2D[rows, columns])
            .Sample(profit => Earned(profit, Hungarian.Assign(profit)) == Best(profit, 0, []), iter: 2000);

    [Fact]
    public void Assign_pairs_the_smaller_side_completely_and_nothing_twice() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30])
            .SelectMany((rows, columns) => Gen.Long[0, 1_000_000_000_000].Array2D[rows, columns])
            .Sample(
                profit =>
                {
                    var columns = Hungarian.Assign(profit).OfType<int>().ToList();
                    return columns.Count == Math.Min(profit.GetLength(0), profit.GetLength(1)) && columns.Distinct().Count() == columns.Count;
                },
                iter: 200);

    private static long Earned(long[,] profit, IReadOnlyList<int?> columnOf) =>
        Enumerable.Range(0, columnOf.Count).Sum(row => columnOf[row] is { } column ? profit[row, column] : 0);

    private static long Best(long[,] profit, int row, HashSet<int> taken)
    {
        var (rows, columns) = (profit.GetLength(0), profit.GetLength(1));
        if (row == rows)
        {
            return taken.Count == Math.Min(rows, columns) ? 0 : long.MinValue / 2;
        }

        var best = rows > columns ? Best(profit, row + 1, taken) : long.MinValue / 2;
        for (var column = 0; column < columns; column++)
        {
            if (taken.Add(column))
            {
                best = Math.Max(best, profit[row, column] + Best(profit, row + 1, taken));
                taken.Remove(column);
            }
        }

        return best;
    }
}
