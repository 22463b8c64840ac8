using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Tests.Pipeline.Graphs;

public class ItemsInHandTests
{
    [Fact]
    public void The_oldest_is_named_whatever_leaves_first()
    {
        var (hands, items) = (new ItemsInHand(), new[] { "a", "b", "c" }.Select(Of).ToList());
        items.ForEach(hands.Take);

        hands.Leave(items[1]);
        Assert.Equal((2, "a"), Look(hands));
        hands.Leave(items[0]);
        Assert.Equal((1, "c"), Look(hands));
        hands.Leave(items[0]);
        Assert.Equal((1, "c"), Look(hands));
        hands.Leave(items[2]);
        Assert.Equal((0, null), Look(hands));
    }

    private static (int Count, string? Key) Look(ItemsInHand hands)
    {
        var (count, oldest, age) = hands.Look();
        Assert.True(age >= TimeSpan.Zero);
        return (count, oldest?.Key);
    }

    private static Item<int> Of(string key) => new(0, default, [new Ticket(new Origin("s", key), 0, new ShardBooks.Account())], 0);
}
