using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Learning;

namespace InMARS.Tests.Stages.Learning;

public sealed class HalvingTests
{
    private readonly List<int> _told = [];

    [Theory]
    [InlineData(5, 5, new int[0])]
    [InlineData(5, 2, new[] { 5, 3 })]
    [InlineData(4, 1, new[] { 4, 2, 2 })]
    public void Results_come_in_the_order_of_the_items_whatever_fits(int items, int most, int[] told)
    {
        var squares = Halving.Of([.. Enumerable.Range(0, items)], piece => Squares(piece, most), Tell);

        Assert.Equal(Enumerable.Range(0, items).Select(i => i * i), squares);
        Assert.Equal(told, _told);
    }

    [Fact]
    public void One_item_without_memory_is_the_end() =>
        Assert.Throws<RunException>(() => Halving.Of([1, 2, 3], piece => Squares(piece, most: 0), Tell));

    [Fact]
    public void Another_failure_is_not_for_it()
    {
        int[] Fail(int[] piece) => throw new NativeException(FaultyObjective.NoReason);

        Assert.Throws<NativeException>(() => Halving.Of([1, 2], Fail, Tell));
        Assert.Empty(_told);
    }

    private static int[] Squares(int[] piece, int most) =>
        piece.Length > most ? throw new NativeException(FaultyObjective.NoMemory) : [.. piece.Select(i => i * i)];

    private void Tell(int[] piece, ExternalException e)
    {
        _told.Add(piece.Length);
        if (piece.Length == 1)
        {
            throw new RunException("one", e);
        }
    }
}
