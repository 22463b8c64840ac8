using InMARS.Pipeline.Stages;
using InMARS.Stages.Learning;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class SwapTableTests
{
    [Fact]
    public void Clusters_that_the_perturbations_swap_are_one()
    {
        var table = Table(4, ([0, 0, 1, 1, 2, 2, 3, 3], [0, 1, 1, 0, 2, 3, 3, 2]));

        Assert.Equal([0, 0, 1, 1], table.Merged(2));
        Assert.Equal(1, table.Constancy([0, 0, 1, 1]), 6);
    }

    [Theory]
    [InlineData(new long[] { 0, 0, 1, 1 }, new long[] { 0, 1, 0, 1 }, 0)] // half is kept, as chance has it
    [InlineData(new long[] { 0, 0, 1, 1 }, new long[] { 1, 1, 0, 0 }, -1)]
    [InlineData(new long[] { 0, 0, 0, 1 }, new long[] { 0, 0, 1, 1 }, 0.5)] // 3/4 kept, 1/2 by chance
    [InlineData(new long[] { 0, 0, 0, 0 }, new long[] { 0, 0, 0, 0 }, 0)] // one cluster has nothing to keep apart
    public void Constancy_is_what_is_kept_beyond_chance(long[] clean, long[] perturbed, double expected) =>
        Assert.Equal(expected, Table(2, (clean, perturbed)).Constancy([0, 1]), 6);

    [Fact]
    public void Superpixels_that_do_not_count_do_not_swap()
    {
        using var scope = NewDisposeScope();
        var table = new SwapTable(3);
        var weights = tensor(new[] { 0.25f, 0.25f, 0.25f, 0.25f, 0f, 0f });

        table.Add(table.Count(Scores(3, 0, 1, 0, 2, 1, 1), Scores(3, 0, 1, 1, 2, 2, 2) with { Weights = weights }).data<double>().ToArray());

        Assert.Equal([0, 0, 1], table.Merged(2));
    }

    [Fact]
    public void What_is_long_past_is_forgotten()
    {
        var late = Enumerable.Repeat<(long[], long[])>(([0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 1]), 300);

        Assert.Equal([0, 1, 1], Table(3, [([0, 1, 0, 1, 2, 2], [1, 0, 0, 1, 2, 2]), .. late]).Merged(2));
    }

    [Fact]
    public void Joined_clusters_are_saved_where_those_of_the_head_divide_what_is_swapped()
    {
        using var scope = NewDisposeScope();
        var swaps = new ClusterSwaps(heads: 1, clusters: 2, overclusters: 4);

        // The head swaps half of everything; of the four, the first two are one and the last two hardly hold.
        swaps.Note(Both([0, 0, 1, 1, 0, 1], [0, 1, 0, 1, 2, 3]), Both([0, 1, 1, 0, 0, 0], [1, 0, 1, 0, 3, 2]));
        var choice = swaps.Choose(0);

        Assert.Equal([0, 0, 1, 1], choice.Merged);
        Assert.Equal(1, choice.Joined, 6);
        Assert.Equal(0, choice.Single, 1);
        Assert.True(choice.Merges);
        Assert.Equal(
            $"Saved: 4 clusters joined to 2. Under random perturbations the joined ones keep 1.000 of the area beyond chance, those of head 1 {choice.Single:0.000}.",
            choice.Sentence(0, 4));
    }

    [Fact]
    public void Those_of_the_head_are_saved_where_the_joined_ones_do_not_hold()
    {
        using var scope = NewDisposeScope();
        var swaps = new ClusterSwaps(heads: 1, clusters: 2, overclusters: 4);

        swaps.Note(
            Both([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [0, 1, 2, 0, 1, 2, 3, 3, 3, 3]),
            Both([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [1, 2, 0, 0, 1, 2, 3, 0, 1, 2]));
        var choice = swaps.Choose(0);

        Assert.Equal(1, choice.Single, 6);
        Assert.False(choice.Merges);
        Assert.StartsWith("Saved: the 2 clusters of head 1.", choice.Sentence(0, 4), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_are_carried_over()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (new ClusterSwaps(2, 2, 4), new ClusterSwaps(2, 2, 4));
        var (clean, perturbed) = (Rows([0, 1, 1], [1, 1, 0], [0, 3, 2]), Rows([0, 1, 0], [1, 0, 0], [0, 2, 3]));
        first.Note(clean, perturbed);

        var state = StateArchive.Save();
        first.Carry(state);
        second.Carry(StateArchive.Load(state.Entries));

        Assert.Equal(first.Choose(1).Sentence(1, 4), second.Choose(1).Sentence(1, 4));
        Assert.Equal(first.Choose(1).Merged, second.Choose(1).Merged);
    }

    private static SwapTable Table(int clusters, params (long[] Clean, long[] Perturbed)[] steps)
    {
        using var scope = NewDisposeScope();
        var table = new SwapTable(clusters);
        foreach (var (clean, perturbed) in steps)
        {
            table.Add(table.Count(Scores(clusters, clean), Scores(clusters, perturbed)).data<double>().ToArray());
        }

        return table;
    }

    /// <summary>A head of two clusters and one of four behind it.</summary>
    private static SuperpixelScores Both(long[] head, long[] over) => new(cat([Chosen(2, head), Chosen(4, over)]), ones(head.Length) / head.Length);

    private static SuperpixelScores Rows(long[] first, long[] second, long[] over) =>
        new(cat([Chosen(2, first), Chosen(2, second), Chosen(4, over)]), ones(over.Length) / over.Length);

    private static SuperpixelScores Scores(int clusters, params long[] choices) => new(Chosen(clusters, choices), ones(choices.Length) / choices.Length);

    private static Tensor Chosen(int clusters, long[] choices) => (eye(clusters) * 8).index_select(1, tensor(choices));
}
