using InMARS.Stages.Learning;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class SwapTableTests
{
    [Fact]
    public void Clusters_that_the_perturbations_swap_are_one()
    {
        using var scope = NewDisposeScope();
        var table = new SwapTable(4, 2);

        table.Note(Scores(4, 0, 0, 1, 1, 2, 2, 3, 3), Scores(4, 0, 1, 1, 0, 2, 3, 3, 2));

        Assert.Equal([0, 0, 1, 1], table.Merged()!);
    }

    [Fact]
    public void They_are_not_joined_to_clusters_that_do_not_hold()
    {
        using var scope = NewDisposeScope();
        var table = new SwapTable(4, 2);

        // What is left over when the first three are one goes to another cluster three times of four.
        table.Note(Scores(4, 0, 1, 2, 0, 1, 2, 3, 3, 3, 3), Scores(4, 1, 2, 0, 0, 1, 2, 3, 0, 1, 2));

        Assert.Null(table.Merged());
    }

    [Fact]
    public void Nor_to_clusters_without_superpixels()
    {
        using var scope = NewDisposeScope();
        var table = new SwapTable(4, 3);

        table.Note(Scores(4, 0, 0, 1, 1), Scores(4, 0, 1, 1, 0));

        Assert.Null(table.Merged());
    }

    [Fact]
    public void Superpixels_that_do_not_count_do_not_swap()
    {
        using var scope = NewDisposeScope();
        var table = new SwapTable(3, 2);
        var weights = tensor(new[] { 0.25f, 0.25f, 0.25f, 0.25f, 0f, 0f });

        table.Note(Scores(3, 0, 1, 0, 2, 1, 1), Scores(3, 0, 1, 1, 2, 2, 2) with { Weights = weights });

        Assert.Equal([0, 0, 1], table.Merged()!);
    }

    [Fact]
    public void What_is_long_past_is_forgotten()
    {
        using var scope = NewDisposeScope();
        var table = new SwapTable(3, 2);
        table.Note(Scores(3, 0, 1, 0, 1, 2, 2), Scores(3, 1, 0, 0, 1, 2, 2));
        for (var i = 0; i < 300; i++)
        {
            table.Note(Scores(3, 0, 0, 1, 1, 2, 2), Scores(3, 0, 0, 1, 2, 2, 1));
        }

        Assert.Equal([0, 1, 1], table.Merged()!);
    }

    private static SuperpixelScores Scores(int clusters, params long[] choices) =>
        new((eye(clusters) * 8).index_select(1, tensor(choices)), ones(choices.Length) / choices.Length);
}
