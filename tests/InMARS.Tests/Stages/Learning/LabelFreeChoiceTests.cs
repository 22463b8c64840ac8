using InMARS.Stages.Learning;

namespace InMARS.Tests.Stages.Learning;

public class LabelFreeChoiceTests
{
    [Fact]
    public void The_product_of_information_and_agreement_decides()
    {
        SnapshotFigures[] all = [Figures(1, 0.9, 0.5), Figures(2, 0.7, 0.9), Figures(3, 0.2, 1)];

        Assert.Equal(2, LabelFreeChoice.Of(all).Step);
    }

    [Fact]
    public void Of_equals_the_later_one_is_chosen() =>
        Assert.Equal(2, LabelFreeChoice.Of([Figures(1, 0.5, 0.8), Figures(2, 0.5, 0.8), Figures(3, 0.4, 0.8)]).Step);

    [Fact]
    public void A_snapshot_with_a_dead_cluster_is_chosen_only_where_all_have_one()
    {
        var dead = Figures(1, 0.9, 0.9) with { DeadClusters = 1 };

        Assert.Equal(2, LabelFreeChoice.Of([dead, Figures(2, 0.1, 0.1)]).Step);
        Assert.Equal(1, LabelFreeChoice.Of([dead, Figures(2, 0.1, 0.1) with { DeadClusters = 2 }]).Step);
    }

    [Fact]
    public void Agreement_is_the_mean_of_the_perturbations_that_are_on()
    {
        var figures = Figures(1, 0.5, 0.8);

        Assert.Equal(0.7, (figures with { AgreementUnderSpace = 0.6 }).Agreement, 1e-12);
        Assert.Equal(0.8, figures.Agreement);
        Assert.Equal(1, (figures with { AgreementUnderNoise = null }).Agreement);
    }

    [Fact]
    public void The_spread_of_known_shares()
    {
        var figures = Figures(1, 0.5, 0.8).Spread([0.5, 0.499, 0.001, 0]);

        Assert.Equal((0.5, 2), (figures.LargestShare, figures.DeadClusters));
        Assert.Equal(0.505, figures.Evenness, 1e-3);
        Assert.Equal((1, 0), (Math.Round(figures.Spread([0.25, 0.25, 0.25, 0.25]).Evenness, 12), figures.Spread([0.25, 0.25, 0.25, 0.25]).DeadClusters));
    }

    private static SnapshotFigures Figures(long step, double information, double noise) =>
        new($"step-{step:D6}.safetensors", step, 1, information, noise, null, 0.5, 1, 0);
}
