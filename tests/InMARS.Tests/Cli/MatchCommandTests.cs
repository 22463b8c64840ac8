using InMARS.Stages.Reports;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class MatchCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Old => _folder["old"];

    private string New => _folder["new"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Names_and_colours_are_carried_and_told()
    {
        Save("old", ("a", [0, 0, 0, 1]), ("b", [1, 1, 2, 2]), ("only-here", [2, 2, 2, 2]));
        Save("new", ("a", [2, 2, 2, 0]), ("b", [0, 0, 0, 1]));
        new ClusterLegend([new("road", "#ff0000"), new("sky", "#0000ff"), new("car", "#00ff00")]).Save(Path.Combine(Old, "clusters.yaml"));

        var run = await CliRun.OfAsync(["match", Old, New]);

        Assert.Equal(
            "old       new  overlap IoU\nroad (0)  2    1.0000\nsky (1)   0    0.7500\ncar (2)   1    0.5000\n"
            + $"Matched on 2 images of both runs; names and colours are in {Path.Combine(New, "clusters.yaml")}, and label maps written from now on follow.\n",
            run.Out);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal([new("sky", "#0000ff"), new("car", "#00ff00"), new("road", "#ff0000")], ClusterLegend.Load(Path.Combine(New, "clusters.yaml")).Clusters);
    }

    [Fact]
    public async Task Clusters_without_a_partner_are_told_on_both_sides()
    {
        Save("old", ("a", [0, 0, 0, 1]));
        Save("new", ("a", [0, 0, 0, 0]));
        ClusterLegend.Default(2).Save(Path.Combine(New, "clusters.yaml"));

        var run = await CliRun.OfAsync(["match", Old, New]);

        Assert.Equal(
            ["old            new                overlap IoU", "cluster-0 (0)  0                  0.7500", "-              1 (now cluster-2)  -", "cluster-1 (1)  -                  -"],
            run.Out.Split('\n')[..4]);
    }

    [Fact]
    public async Task Runs_without_a_common_image_are_refused()
    {
        Save("old", ("a", [0, 1]));
        Save("new", ("b", [0, 1]), ("c", [0, 1]));

        var run = await CliRun.OfAsync(["match", Old, New]);

        Assert.Equal((1, $"inmars: '{Old}' and '{New}' share no image: none of the 2 label maps of '{New}' has the name of one of '{Old}'\n"), (run.Code, run.Error));
        Assert.False(File.Exists(Path.Combine(New, "clusters.yaml")));
    }

    [Fact]
    public async Task Label_maps_of_other_sizes_are_refused()
    {
        Save("old", ("a", [0, 1]));
        Save("new", ("a", [0, 1, 1]));

        var run = await CliRun.OfAsync(["match", Old, New]);

        Assert.Equal($"inmars: the label maps of '{Old}' and '{New}' differ in size in all of the 1 images they share; expected the same size\n", run.Error);
    }

    [Fact]
    public async Task A_run_without_label_maps_is_refused()
    {
        Save("new", ("a", [0, 1]));

        var run = await CliRun.OfAsync(["match", Old, New]);

        Assert.Equal($"inmars: '{Old}' holds no label maps; expected those of write.labels in '{Path.Combine(Old, "predictions")}'\n", run.Error);
    }

    [Fact]
    public async Task An_edited_legend_is_replaced_only_when_asked()
    {
        Save("old", ("a", [0, 1]));
        Save("new", ("a", [1, 0]));
        var file = Path.Combine(New, "clusters.yaml");
        new ClusterLegend([new("mine", "#ff0000"), new("too", "#0000ff")]).Save(file);

        var refused = await CliRun.OfAsync(["match", Old, New]);
        var done = await CliRun.OfAsync(["match", Old, New, "--overwrite"]);
        var again = await CliRun.OfAsync(["match", Old, New]);

        Assert.Equal((1, $"inmars: '{file}' was edited or matched before; pass --overwrite to replace it\n"), (refused.Code, refused.Error));
        Assert.Equal((0, 0), (done.Code, again.Code));
        Assert.Equal(["cluster-1", "cluster-0"], ClusterLegend.Load(file).Clusters.Select(c => c.Name));
    }

    private void Save(string run, params (string Key, byte[] Clusters)[] maps)
    {
        using var shard = ShardWriter.Create(_folder[run, "predictions", $"{run}.tar"]);
        foreach (var (key, clusters) in maps)
        {
            Assert.Null(shard.Write(key, new ShardPart("png", Png.Grey8(1, clusters.Length, clusters))));
        }

        shard.Commit();
    }
}
