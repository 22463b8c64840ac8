using InMARS.Stages.Learning;

namespace InMARS.Tests.Stages.Learning;

public class RegularisationBalanceTests
{
    private static readonly BalanceOptions Half = new(Target: 0.5, Rate: 0.05, Least: 0.25, Most: 4);

    [Fact]
    public void Without_a_target_the_strength_stays_one()
    {
        var balance = new RegularisationBalance(new BalanceOptions());

        Assert.Equal([1, 1, 1], new[] { 0.0, 0.9, double.NaN }.Select(balance.Next));
    }

    [Fact]
    public void An_undecided_network_is_regularised_less_and_never_less_than_the_least()
    {
        var balance = new RegularisationBalance(Half);

        var strengths = Enumerable.Range(0, 200).Select(_ => balance.Next(0.001)).ToArray();

        Assert.Equal(Math.Exp(-0.05), strengths[0], 12);
        Assert.Equal(strengths.OrderDescending(), strengths);
        Assert.Equal(0.25, strengths[^1]);
    }

    [Fact]
    public void A_decided_network_is_regularised_more_and_never_more_than_the_most()
    {
        var balance = new RegularisationBalance(Half);

        var strengths = Enumerable.Range(0, 200).Select(_ => balance.Next(0.95)).ToArray();

        Assert.Equal(4, strengths[^1]);
    }

    [Fact]
    public void A_network_that_is_as_decided_as_asked_is_left_alone()
    {
        var balance = new RegularisationBalance(Half);
        for (var i = 0; i < 300; i++)
        {
            balance.Next(0.5);
        }

        var before = balance.Strength;

        Assert.Equal(before, balance.Next(0.5), 9);
    }

    [Fact]
    public void A_response_that_falls_with_the_strength_settles_at_the_target()
    {
        var balance = new RegularisationBalance(Half);

        var share = 0.9;
        for (var i = 0; i < 2000; i++)
        {
            share = 0.9 / (1 + balance.Next(share));
        }

        Assert.InRange(share, 0.49, 0.51);
    }

    [Fact]
    public void A_share_that_is_no_number_moves_nothing()
    {
        var balance = new RegularisationBalance(Half);
        var before = balance.Next(0.7);

        Assert.Equal(before, balance.Next(double.NaN));
    }
}
