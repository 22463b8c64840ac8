using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public sealed class CheckpointTests : IDisposable
{
    private static readonly TrainingOptions Options = new(Scene.Clusters) { Network = Scene.SmallNetwork };
    private static readonly InmarsOptions Objective = new();
    private readonly FakeStageContext _context = new();

    private string File => _context.PathInRun("checkpoints", "model.safetensors");

    private string Card => _context.PathInRun("checkpoints", "model.json");

    public void Dispose() => _context.Dispose();

    [Fact]
    public void A_model_comes_back_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var network = Saved();

        using var loaded = Checkpoint.Load(File, CPU);

        var images = Scene.Images(type: ScalarType.Float32);
        Assert.True(network.Apply(images).equal(loaded.Apply(images)).all().item<bool>());
        Assert.Equal(Scene.SmallNetwork, loaded.Options);
    }

    [Fact]
    public void A_model_of_merged_clusters_comes_back_without_the_heads_that_do_not_segment()
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(Scene.SmallNetwork, 3, 5, 4, CPU, heads: 2) { Merged = [0, 1, 2, 1, 0] };
        Checkpoint.Save(File, network.Published(network.State), ModelCard.Of(Options with { Overclustering = new OverclusteringOptions(5) }, Objective, network.Merged));

        using var loaded = Checkpoint.Load(File, CPU);

        var images = Scene.Images(type: ScalarType.Float32);
        Assert.True(network.Apply(images).equal(loaded.Apply(images)).all().item<bool>());
        Assert.Equal(3, loaded.Apply(images).shape[1]);
        Assert.DoesNotContain(loaded.State, s => s.Name.StartsWith("head.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[0, 1, 2, 1]", "its merged is [0, 1, 2, 1], expected 5 numbers, each of 0 to 2 among them")]
    [InlineData("[0, 1, 1, 1, 0]", "its merged is [0, 1, 1, 1, 0], expected 5 numbers, each of 0 to 2 among them")]
    [InlineData("[0, 1, 2, 3, 0]", "its merged is [0, 1, 2, 3, 0], expected 5 numbers, each of 0 to 2 among them")]
    public void Merged_clusters_must_be_those_of_the_model(string merged, string flaw)
    {
        using var network = new Segmenter(Scene.SmallNetwork, 3, 5, 4, CPU) { Merged = [0, 1, 2, 1, 0] };
        Checkpoint.Save(File, network.Published(network.State), ModelCard.Of(Options with { Overclustering = new OverclusteringOptions(5) }, Objective, network.Merged));
        var card = JsonNode.Parse(System.IO.File.ReadAllText(Card))!;
        card["merged"] = JsonNode.Parse(merged);
        System.IO.File.WriteAllText(Card, card.ToJsonString());

        Refused($"'{Card}' does not describe a model: {flaw}");
    }

    [Fact]
    public void The_card_says_what_another_program_needs()
    {
        using var network = Saved();

        var card = JsonNode.Parse(System.IO.File.ReadAllText(Card))!;

        Assert.Equal("inmars.segmenter.3", (string?)card["format"]);
        Assert.Equal(3, (int?)card["clusters"]);
        Assert.Equal("""{"bands":3,"width":4,"pools":1,"depth":1,"sobel":true,"kind":"inmars","padding":"reflect","height":"off"}""", card["network"]!.ToJsonString());
        Assert.Equal("""{"divisor":255,"centre":0.45}""", card["normalisation"]!.ToJsonString());
        Assert.Matches("^[0-9a-f]{64}$", (string?)card["configuration_sha256"]);
    }

    [Fact]
    public void The_hash_is_that_of_the_options()
    {
        Assert.Equal(ModelCard.Of(Options, Objective).ConfigurationSha256, ModelCard.Of(Options with { }, Objective with { }).ConfigurationSha256);
        Assert.Equal(Options.Clusters, ModelCard.Of(Options, Objective).Palette.Distinct().Count(colour => colour.Length == 7 && colour[0] == '#'));
        Assert.NotEqual(
            ModelCard.Of(Options, Objective).ConfigurationSha256,
            ModelCard.Of(Options, Objective with { Spatial = Objective.Spatial with { Shear = 9 } }).ConfigurationSha256);
        Assert.NotEqual(
            ModelCard.Of(Options, Objective with { Prior = ClusterPrior.Of([1, 2, 3]) }).ConfigurationSha256,
            ModelCard.Of(Options, Objective with { Prior = ClusterPrior.Of([3, 2, 1]) }).ConfigurationSha256);
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused_by_name()
    {
        using var network = Saved();
        ModelCard.Of(Options with { Clusters = 4 }, Objective).Save(Card);

        Refused($"'{File}': tensor 'head.weight' has shape [3, 16, 1, 1], expected [4, 16, 1, 1]");
    }

    [Fact]
    public void A_missing_tensor_is_refused_by_name()
    {
        using var network = Saved();
        Safetensors.Write(File, [.. Safetensors.Read(File).Where(a => a.Name != "trunk.1.norm.bias")]);

        Refused($"'{File}': tensor 'trunk.1.norm.bias' of shape [8] is missing");
    }

    [Fact]
    public void A_tensor_of_no_layer_is_refused_by_name()
    {
        using var network = Saved();
        Safetensors.Write(File, [.. Safetensors.Read(File), new NamedArray("stray", [1], [0f])]);

        Refused($"'{File}': tensor 'stray' belongs to no layer of the network that its card describes");
    }

    [Fact]
    public void A_card_from_before_there_were_heights_is_read()
    {
        using var network = Saved();
        var card = JsonNode.Parse(System.IO.File.ReadAllText(Card))!.AsObject();
        card["format"] = "inmars.segmenter.2";
        card.Remove("upright");
        card["network"]!.AsObject().Remove("height");
        System.IO.File.WriteAllText(Card, card.ToJsonString());

        using var loaded = Checkpoint.Load(File, CPU);

        Assert.Equal(HeightInput.Off, loaded.Options.Height);
        Assert.Null(loaded.Upright);
    }

    [Fact]
    public void A_card_of_another_format_is_refused()
    {
        using var network = Saved();
        System.IO.File.WriteAllText(Card, System.IO.File.ReadAllText(Card).Replace("segmenter.3", "segmenter.9", StringComparison.Ordinal));

        Refused($"'{Card}' does not describe a model: its format is 'inmars.segmenter.9', expected 'inmars.segmenter.3'");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nothing")]
    [InlineData("""{"format":"inmars.segmenter.2","clusters":"three"}""")]
    public void A_card_that_describes_no_model_is_refused(string text)
    {
        using var network = Saved();
        System.IO.File.WriteAllText(Card, text);

        Assert.StartsWith($"'{Card}' does not describe a model: ", Assert.Throws<RunException>(() => Checkpoint.Load(File, CPU)).Message);
    }

    [Fact]
    public void A_card_that_is_not_there_is_told()
    {
        using var network = Saved();
        System.IO.File.Delete(Card);

        Assert.StartsWith($"cannot read '{Card}', which says what the weights beside it are: ", Assert.Throws<RunException>(() => Checkpoint.Load(File, CPU)).Message);
    }

    [Fact]
    public void A_run_a_folder_and_a_file_lead_to_the_same_weights()
    {
        using var network = Saved();

        Assert.Equal(File, Checkpoint.Resolve(_context.Run.Directory));
        Assert.Equal(File, Checkpoint.Resolve(Path.GetDirectoryName(File)!));
        Assert.Equal(File, Checkpoint.Resolve(File));
    }

    [Fact]
    public void Where_there_is_no_model_the_places_are_named()
    {
        Assert.Equal(
            "no model found at 'runs/x/model.safetensors' or 'runs/x/checkpoints/model.safetensors'",
            Assert.Throws<RunException>(() => Checkpoint.Resolve("runs/x")).Message);
        Assert.Equal("no model found at 'm.safetensors'", Assert.Throws<RunException>(() => Checkpoint.Resolve("m.safetensors")).Message);
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_refused()
    {
        using var network = Saved();
        var arrays = Safetensors.Read(File);
        arrays[0].Values[0] = float.NaN;
        Safetensors.Write(File, arrays);

        Refused($"'{File}': tensor '{arrays[0].Name}' holds values that are not finite numbers");
    }

    private Segmenter Saved()
    {
        var network = Scene.Network(type: ScalarType.Float32);
        Checkpoint.Save(File, network.State, ModelCard.Of(Options, Objective));
        return network;
    }

    private void Refused(string message) => Assert.Equal(message, Assert.Throws<RunException>(() => Checkpoint.Load(File, CPU)).Message);
}
