using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Evaluation;

public sealed class SplitEvaluationTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    [Fact]
    public async Task The_assignment_of_one_split_is_scored_on_the_other()
    {
        // Cluster 0 is class 1 where clusters are assigned; on the scored image that holds for one pixel of four.
        var report = await Evaluate(new(["a", "b"]) { Split = new FitSplit.ByKeys(["fit-*"], null) }, Image("fit-1", [0, 0, 1], [1, 1, 0]), Image("test-1", [0, 0, 0, 1], [1, 0, 0, 1]));

        Assert.Equal(0.25, report.Headline.Single(h => h.Key == "accuracy").Value);
        Assert.Equal(0.25, report.Headline.Single(h => h.Key == "majority_accuracy").Value);
        Assert.Equal("[1,0]", "[" + string.Join(",", report.Detail!["clusters"]!.AsArray().Select(c => c!["class"]!.ToJsonString())) + "]");
    }

    [Fact]
    public async Task The_protocol_says_what_both_sets_are()
    {
        var split = new FitSplit.ByKeys(["fit-*"], ["test-*"]);

        var report = await Evaluate(new(["a", "b"]) { Split = split }, Image("fit-1", [0, 1], [1, 0]), Image("test-1", [0, 1, 1], [1, 0, LabelMap.Ignore]), Image("test-2", [0, 1], [1, 0]), Image("other", [0], [0]));

        Assert.Equal(
            [
                "Protocol: clusters are assigned to classes once, on other images than are scored (fit on keys 'fit-*', scored on keys 'test-*': "
                + "fit set 1 images, 2 pixels, 0 ignored; score set 2 images, 4 pixels, 1 ignored); K = 2, C = 2 (as named); "
                + "scored pixel by pixel, at the size of the truth that came with the prediction, nothing is resized here; "
                + "95 % intervals by percentile bootstrap over images, 1,000 draws, assignment held fixed.",
                "1 of 4 images are in neither set: neither fit.keys nor score.keys match them.",
            ],
            report.Notes);
        Assert.Equal(report.Notes[0], report.Detail!["protocol"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_image_in_both_sets_is_a_fault()
    {
        await using var writer = Sink(new() { Split = new FitSplit.ByKeys(["*"], ["a*"]) });

        var fault = await writer.WriteAsync(Image("a1", [0], [0]), default, Stop);

        Assert.Equal(new Fault("evaluate.both_sets", "key 'a1' is in fit.keys and in score.keys; expected it in one of them"), fault);
    }

    [Fact]
    public async Task A_fit_set_without_images_stops_the_run_with_the_first_key()
    {
        await using var writer = Sink(new() { Split = new FitSplit.ByKeys(["train*"], null) });
        await writer.WriteAsync(Image("val/1", [0], [0]), default, Stop);

        var error = await Assert.ThrowsAsync<RunException>(() => writer.CompleteAsync(Stop));

        Assert.Equal("no image is in the fit set (fit on keys 'train*', scored on all others); 1 images have truth, and the first key is 'val/1'", error.Message);
    }

    [Fact]
    public async Task A_score_set_without_images_stops_the_run()
    {
        await using var writer = Sink(new() { Split = new FitSplit.ByKeys(["*"], null) });
        await writer.WriteAsync(Image("1", [0], [0]), default, Stop);

        Assert.StartsWith("no image is in the score set", (await Assert.ThrowsAsync<RunException>(() => writer.CompleteAsync(Stop))).Message);
    }

    [Fact]
    public void A_share_draws_about_that_many_and_the_same_whatever_the_shard()
    {
        var split = new FitSplit.ByShare(0.3, 1);

        var drawn = Enumerable.Range(0, 2000).Select(i => Sets(split, "one.tar", $"image-{i}")).ToList();

        Assert.Equal(drawn, Enumerable.Range(0, 2000).Select(i => Sets(split, "other.tar", $"image-{i}")));
        Assert.All(drawn, d => Assert.NotEqual(d.Fit, d.Score));
        Assert.InRange(drawn.Count(d => d.Fit), 500, 700);
        Assert.NotEqual(drawn, Enumerable.Range(0, 2000).Select(i => Sets(new FitSplit.ByShare(0.3, 2), "one.tar", $"image-{i}")));
    }

    [Theory]
    [InlineData("train-*.tar:*", "data/train-000.tar", "x", true)]
    [InlineData("train-*.tar:*", "data/val-000.tar", "train-1.tar", false)]
    [InlineData("day/*", "s.tar", "day/1", true)]
    [InlineData("day/?", "s.tar", "day/12", false)]
    public void A_pattern_is_one_of_keys_and_with_a_colon_one_of_shard_and_key(string pattern, string shard, string key, bool fits) =>
        Assert.Equal(fits, Sets(new FitSplit.ByKeys([pattern], null), shard, key).Fit);

    [Fact]
    public void The_options_are_read()
    {
        Assert.Equal(new FitSplit.ByShare(0.5, 3), Read("fit: { share: 0.5, seed: 3 }").Split);
        Assert.Equal("fit on keys 'a*', 'b*', scored on keys 'c'", Read("fit: { keys: [a*, b*] }\nscore: { keys: c }").Split.Words);
        Assert.Equal((FitSplit.None, 1000), (Read("classes: [a]").Split, Read("classes: [a]").Bootstrap));
    }

    [Theory]
    [InlineData("fit: { share: 0.5, keys: a }", "run.yaml:1:15: with.fit.share: expected share or keys, found both")]
    [InlineData("score: { keys: a }", "run.yaml:1:8: with.score: score.keys needs fit.keys beside it, which say what clusters are assigned on")]
    [InlineData("fit: { share: 2 }", "run.yaml:1:15: with.fit.share: expected 0.01 to 0.99, found 2")]
    public void Contradictions_are_configuration_errors(string yaml, string message) =>
        Assert.Equal(message, Assert.Single(Validate(yaml).ErrorsOrNone).ToString());

    public void Dispose() => _context.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SetMembership Sets(FitSplit split, string shard, string key) => Assert.IsType<Result<SetMembership>.Ok>(split.Of(new Origin(shard, key))).Value;

    private static EvaluationOptions Read(string yaml) => Assert.IsType<Validated<EvaluationOptions>.Valid>(Validate(yaml)).Value;

    private static Validated<EvaluationOptions> Validate(string yaml) =>
        Fields.Read(YamlReader.Read(yaml, "run.yaml").Root! with { Path = "with" }, EvaluationOptions.Read);

    private static Prediction Image(string key, ushort[] clusters, ushort[] truth) =>
        new(new Origin("shard.tar", key), 1, clusters.Length, clusters.Max() + 1, clusters, Truth: new LabelMap(1, truth.Length, truth));

    private ISinkWriter<Prediction> Sink(EvaluationOptions options) => HungarianEvaluation.Sink("evaluate.hungarian", new FlowOptions(), options).Open(_context);

    private async Task<StageReport> Evaluate(EvaluationOptions options, params Prediction[] predictions)
    {
        await using var writer = Sink(options);
        foreach (var prediction in predictions)
        {
            Assert.Null(await writer.WriteAsync(prediction, default, Stop));
        }

        await writer.CompleteAsync(Stop);
        return Assert.Single(_context.Reports);
    }
}
