using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;

namespace InMARS.Tests.Stages.Evaluation;

public sealed class CheckpointEvaluationTests : IDisposable
{
    private static readonly ModelCard Card = ModelCard.Of(new TrainingOptions(Scene.Clusters) { Network = Scene.SmallNetwork }, new InmarsOptions());
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Last_label_free_and_oracle_stand_in_rows_of_their_own()
    {
        // The truth is what the first network says; the second one is chosen without labels, the third is the last.
        Save([("step-000001.safetensors", 11), ("step-000002.safetensors", 12), ("step-000003.safetensors", 13)], chosen: 2);
        var reports = await Evaluate(new EvaluationOptions(), LikeThe("step-000001.safetensors"));

        Assert.Equal(["last", "label-free best", "oracle best (uses labels)"], reports.Select(r => r.Row));
        Assert.Equal([3, 2, 1], reports.Select(r => r.Headline.Single(h => h.Key == "step").Value));
        Assert.Equal(1, Accuracy(reports[2]));
        Assert.True(Accuracy(reports[0]) < 1 && Accuracy(reports[1]) < 1);
        Assert.StartsWith("The headline is the last model, step-000003.safetensors.", reports[0].Notes[0]);
        Assert.StartsWith("Protocol: ", reports[0].Notes[1]);
        Assert.Equal("oracle best (uses labels): step-000001.safetensors is the most accurate by the labels it is scored with; a bound, not a result.", reports[2].Notes.Single());
        Assert.Equal([1, 2, 3], reports[0].Detail!["snapshots"]!.AsArray().Select(s => s!["step"]!.GetValue<long>()));
    }

    [Fact]
    public async Task Each_row_has_the_scores_of_its_model_alone()
    {
        Save([("step-000001.safetensors", 11), ("step-000002.safetensors", 12)], chosen: 1);
        var maps = LikeThe("step-000001.safetensors");
        var reports = await Evaluate(new EvaluationOptions(), maps);

        using var alone = new Segmentation(new SegmentOptions { Checkpoint = "step-000002.safetensors" }, _context);
        var counts = new ConfusionMatrix(Scene.Clusters, 0);
        foreach (var prediction in ((Result<IReadOnlyList<Prediction>>.Ok)alone.Segment(maps)).Value)
        {
            counts.Add(prediction.Clusters, prediction.Truth!.Ids);
        }

        Assert.Equal(Scores.Of(counts).OneToOne.Accuracy, Accuracy(reports[0]));
    }

    [Fact]
    public async Task Without_truth_there_is_no_oracle()
    {
        Save([("step-000001.safetensors", 11)], chosen: 1);

        var reports = await Evaluate(new EvaluationOptions(), [Scene.Halves("a", 24, new Random(1))]);

        Assert.Equal(["last", "label-free best"], reports.Select(r => r.Row));
    }

    [Fact]
    public async Task A_list_with_an_image_that_cannot_be_scored_is_left_out_whole()
    {
        Save([("step-000001.safetensors", 11)], chosen: 1);
        await using var writer = CheckpointEvaluation.Sink(new FlowOptions(), new(new SegmentOptions(), new EvaluationOptions(["a"]))).Open(_context);
        var map = Scene.Halves("a", 24, new Random(1));

        var fault = await writer.WriteAsync([With(map, new ushort[map.Labels.Length]), With(map, [.. map.Labels.Select(_ => (ushort)5)])], default, Stop);
        await writer.CompleteAsync(Stop);

        Assert.Equal("evaluate.unknown_class", fault!.Code);
        Assert.Equal(0, _context.Reports[0].Headline.Single(h => h.Key == "images").Value);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static double Accuracy(StageReport report) => report.Headline.Single(h => h.Key == "accuracy").Value;

    private static SuperpixelMap With(SuperpixelMap map, ushort[] truth) => map with { Image = map.Image with { Truth = new LabelMap(map.Image.Height, map.Image.Width, truth) } };

    private void Save((string Name, ulong Seed)[] models, long chosen)
    {
        foreach (var (name, seed) in models.Append(("model.safetensors", models[^1].Seed)))
        {
            using var network = Scene.DecidedNetwork(seed, torch.ScalarType.Float32);
            Checkpoint.Save(_context.PathInRun("checkpoints", name), network.State, Card);
        }

        var figures = models.Select((m, i) => new SnapshotFigures(m.Name, i + 1, 1, i + 1 == chosen ? 0.9 : 0.1, 1, 1, 0.5, 1, 0));
        Selection.Of([.. figures]).Save(_context.PathInRun("checkpoints", Selection.FileName));
    }

    private SuperpixelMap[] LikeThe(string name)
    {
        var random = new Random(1);
        SuperpixelMap[] maps = [Scene.Halves("a", 24, random), Scene.Halves("b", 32, random)];
        using var model = new Segmentation(new SegmentOptions { Checkpoint = name }, _context);
        return [.. ((Result<IReadOnlyList<Prediction>>.Ok)model.Segment(maps)).Value.Zip(maps, (p, map) => With(map, p.Clusters))];
    }

    private async Task<IReadOnlyList<StageReport>> Evaluate(EvaluationOptions options, SuperpixelMap[] maps)
    {
        await using var writer = CheckpointEvaluation.Sink(new FlowOptions(), new(new SegmentOptions(), options)).Open(_context);
        Assert.Null(await writer.WriteAsync(maps, default, Stop));
        await writer.CompleteAsync(Stop);
        return _context.Reports;
    }
}
