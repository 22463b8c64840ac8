using CsCheck;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Reports;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Reports;

public sealed class ClusterLegendTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_is_one_line_a_cluster() =>
        Assert.Equal(
            "# Names and colours of the clusters. Edit them: label maps and overlays that are written afterwards follow.\n"
            + "0: { name: cluster-0, colour: '#56b4e9' }\n1: { name: cluster-1, colour: '#e69f00' }\n",
            ClusterLegend.Default(2).Text);

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.String[Gen.Char["ab 0'#:{}\"\\-,~\t"], 1, 8], Gen.Int[0, 0xFFFFFF]).Array[1, 6].Sample(entries =>
        {
            var legend = new ClusterLegend([.. entries.Select(e => new ClusterStyle(e.Item1, $"#{e.Item2:x6}"))]);
            return Read(legend.Text).Clusters.SequenceEqual(legend.Clusters);
        });

    [Fact]
    public void What_is_left_out_is_as_by_default()
    {
        var legend = Read("1: { colour: 'FF0000' }\n0: { name: road }\n");

        Assert.Equal([new("road", "#56b4e9"), new("cluster-1", "#ff0000")], legend.Clusters);
        Assert.False(legend.IsDefault);
        Assert.True(Read(ClusterLegend.Default(700).Text).IsDefault);
    }

    [Fact]
    public void The_colours_are_those_of_the_palette_by_default() => Assert.Equal(Palette.Rgb(600), ClusterLegend.Default(600).Rgb);

    [Theory]
    [InlineData("0: { name: a, colour: blue }", "c.yaml:1:23: 0.colour: expected a colour such as '#56b4e9', in quotes, found 'blue'")]
    [InlineData("0:\n  name: a\n  colour: #ff0000\n", "c.yaml:3:10: 0.colour: expected a colour such as '#56b4e9', in quotes, found nothing")]
    [InlineData("0: { color: '#ff0000' }", "c.yaml:1:6: 0.color: unknown key; did you mean 'colour'?")]
    [InlineData("0: { name: a }\n2: { name: b }", "c.yaml:1:1: cluster 1 is missing; expected ids 0 to 1, each once")]
    [InlineData("road: { name: a }", "c.yaml:1:7: road: expected the id of a cluster as key, found 'road'")]
    [InlineData("[a, b]", "c.yaml:1:1: expected a map, found a list of 2")]
    [InlineData("0: { name: a }\n0: { name: b }", "c.yaml:2:1: 0: this key stands here twice; first at line 1")]
    public void A_bad_file_is_told_with_line_and_key(string text, string message) =>
        Assert.Equal(message, Assert.Single(ClusterLegend.Parse(text, "c.yaml").ErrorsOrNone).ToString());

    [Fact]
    public void A_missing_file_is_told() =>
        Assert.Equal(
            $"there is no legend '{_folder["c.yaml"]}'; expected a file as clusters.yaml of a run",
            Assert.Throws<RunException>(() => ClusterLegend.Load(_folder["c.yaml"])).Message);

    [Fact]
    public void It_is_found_in_the_folder_of_the_weights_and_in_the_run_above()
    {
        Directory.CreateDirectory(_folder["checkpoints"]);
        var weights = _folder["checkpoints", "model.safetensors"];
        Assert.Null(ClusterLegend.Beside(weights, 2));

        ClusterLegend.Default(2).Save(_folder["clusters.yaml"]);
        Assert.NotNull(ClusterLegend.Beside(weights, 2));

        ClusterLegend.Default(3).Save(_folder["checkpoints", "clusters.yaml"]);
        Assert.Equal(3, ClusterLegend.Beside(weights, 3)!.Clusters.Count);
    }

    private static ClusterLegend Read(string text) => Assert.IsType<Validated<ClusterLegend>.Valid>(ClusterLegend.Parse(text, "c.yaml")).Value;
}
