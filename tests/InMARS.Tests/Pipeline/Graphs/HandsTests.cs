using InMARS.Pipeline.Graphs;

namespace InMARS.Tests.Pipeline.Graphs;

public class HandsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_more_are_taken_than_there_are()
    {
        using var hands = new Hands(2);
        await hands.TakeAsync();
        await hands.TakeAsync();

        var third = hands.TakeAsync();
        Assert.False(third.IsCompleted);
        hands.Leave();

        await third.WaitAsync(Stop);
    }

    [Fact]
    public async Task Hands_in_use_are_taken_away_when_they_come_back()
    {
        using var hands = new Hands(3);
        for (var i = 0; i < 3; i++)
        {
            await hands.TakeAsync();
        }

        hands.Lower(1);
        hands.Leave();
        hands.Leave();
        var next = hands.TakeAsync();
        Assert.False(next.IsCompleted);
        hands.Leave();

        await next.WaitAsync(Stop);
        Assert.False(hands.TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task They_never_become_more()
    {
        using var hands = new Hands(1);
        hands.Lower(5);
        await hands.TakeAsync();

        Assert.False(hands.TakeAsync().IsCompleted);
        Assert.Equal(1, hands.Most);
    }
}
