using InMARS.Pipeline.Configuration;
using InMARS.Stages;
using InMARS.Stages.Rivals;

namespace InMARS.Tests.Stages.Rivals;

public class RivalsEntriesTests
{
    private static readonly string[] Common =
        ["clusters", "learning_rate", "schedule", "ema", "gradient_clip", "accumulate", "network.bands", "network.width", "network.pools", "network.depth", "network.sobel"];

    [Fact]
    public void Each_takes_and_gives_what_the_learner_does() =>
        Assert.Equal(
            ["learn.iic: ImageBatch -> TrainingReport", "learn.deepcluster: ImageBatch -> TrainingReport"],
            RivalsEntries.All.Select(e => $"{e.Name}: {e.Types}"));

    [Fact]
    public void What_is_not_the_objective_has_the_defaults_of_the_learner()
    {
        static IEnumerable<(string, string?)> Shared(string name) =>
            new StandardStages().Entries.Single(e => e.Name == name).Options.Where(o => Common.Contains(o.Key)).Select(o => (o.Key, o.Default));

        Assert.Equal(Common.Length, Shared("learn.inmars").Count());
        Assert.All(RivalsEntries.All, rival => Assert.Equal(Shared("learn.inmars"), Shared(rival.Name)));
    }

    [Theory]
    [InlineData("learn.inmars", 1, "")]
    [InlineData("learn.iic", 1, "")]
    [InlineData("learn.deepcluster", 1, "")]
    [InlineData("learn.iic", 2, "heads: alternate_epochs")]
    public void The_name_alone_changes_the_learner(string name, int epochs, string further) => Assert.Empty(Errors(name, further, epochs));

    [Theory]
    [InlineData("learn.iic", "heads: alternate_epochs", "heads: two heads take turns, so the flow needs an even number of epochs, found 1")]
    [InlineData("learn.iic", "heads: alternate_epochs, overclustering: { clusters: 0 }", "heads: two heads take turns, but overclustering.clusters is 0, which leaves one")]
    [InlineData("learn.iic", "displacement: 17", "displacement: expected 0 to 16, found 17")]
    [InlineData("learn.iic", "overclustering: { clusters: many }", "overclustering.clusters: expected a whole number, found 'many'")]
    [InlineData("learn.deepcluster", "overclustering: { clusters: 9 }", "overclustering: learn.deepcluster trains one head: expected clusters: 0, found 9")]
    [InlineData("learn.deepcluster", "mu: 2", "mu: unknown key")]
    [InlineData("baseline.random", "seed: 2", "seed: unknown key")]
    public void What_cannot_be_is_told_with_its_key(string name, string further, string told) =>
        Assert.Contains(Errors(name, further, epochs: 1), e => e.Contains($"with.{told}", StringComparison.Ordinal));

    private static List<string> Errors(string name, string further, int epochs)
    {
        var learns = name.StartsWith("learn.", StringComparison.Ordinal);
        var text =
            $$"""
            run: { name: test }
            flows:
              - name: train
                epochs: {{epochs}}
                source: { use: shard.read, with: { path: none.tar } }
                steps:
                  - use: image.decode
                  - use: superpixel.slic
                  {{(learns ? "- use: batch" : "")}}
                  {{(learns ? "- use: collate" : "")}}
                  - { use: {{name}}, with: { clusters: 3{{(further.Length > 0 ? ", " : "")}}{{further}} } }
                sinks: [{ use: {{(learns ? "write.metrics" : "write.labels")}} }]
            """;
        return [.. RunFile.Parse(text, "run.yaml", [], [new StandardStages()]).ErrorsOrNone.Select(e => e.ToString())];
    }
}
