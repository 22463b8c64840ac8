using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Evaluation;

public sealed class HungarianEvaluationTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    [Fact]
    public async Task The_report_has_the_scores_of_the_whole_set_and_not_their_mean_over_images()
    {
        // Cluster 0 is class 1 in the first image and class 0 in the second: image by image both would be perfect.
        var report = await Evaluate(new(["a", "b"]) { Bootstrap = 0 }, Image([0, 0, 0, 1], [1, 1, 1, 0]), Image([0, 1], [0, 1]));

        Assert.Equal(
            [("accuracy", 0.6667), ("miou", 0.4667), ("majority_accuracy", 0.6667), ("evenness", 0.9183), ("images", 2)],
            report.Headline.Select(h => (h.Key, Math.Round(h.Value, 4))));
    }

    [Fact]
    public async Task The_protocol_is_told_in_one_line()
    {
        var report = await Evaluate(new(["sky", "ground"]), Image([0, 1, 0, 1], [1, 0, 1, LabelMap.Ignore]));

        Assert.Equal(
            "Protocol: clusters are assigned to classes once, on the set that is scored (fit set = score set: 1 images, 3 pixels, 1 ignored); "
            + "K = 2, C = 2 (as named); scored pixel by pixel, at the size of the truth that came with the prediction, nothing is resized here; no intervals, which take two images.",
            Assert.Single(report.Notes));
    }

    [Fact]
    public async Task Clusters_without_a_class_are_told_with_their_share()
    {
        var report = await Evaluate(new(), Image([0, 0, 1, 2], [0, 0, 0, 1]));

        Assert.Contains("C = 2 (greatest id seen + 1)", report.Notes[0]);
        Assert.Equal("Clusters without a class, whose pixels are errors one to one: 1 (25.0 %).", report.Notes[1]);
    }

    [Fact]
    public async Task Classes_without_a_cluster_are_told_by_name()
    {
        var report = await Evaluate(new(["sky", "ground", "car"]), Image([0, 0, 1, 1], [0, 0, 1, 2], count: 2));

        Assert.Equal("Classes without a cluster: car.", report.Notes[1]);
    }

    [Fact]
    public async Task The_detail_holds_the_confusion_matrix_and_the_assignment()
    {
        var detail = (await Evaluate(new(["sky", "ground"]), Image([0, 1, 0, 1], [1, 0, 1, 1]))).Detail!;

        Assert.Equal("[[0,2],[1,1]]", detail["confusion"]!.ToJsonString());
        Assert.Equal("[1,0]", "[" + string.Join(",", detail["clusters"]!.AsArray().Select(c => c!["class"]!.ToJsonString())) + "]");
        Assert.Equal("""{"id":1,"name":"ground","pixels":3,"cluster":0,"iou":0.6666666666666666,"accuracy":0.6666666666666666}""", detail["classes"]![1]!.ToJsonString());
    }

    [Fact]
    public async Task Without_truth_the_spread_of_the_clusters_is_told()
    {
        var report = await Evaluate(new(), Image([0, 1, 2, 2], null, count: 4));

        Assert.Equal(["evenness", "images"], report.Headline.Select(h => h.Key));
        Assert.Equal(0.75, report.Headline[0].Value, 1e-12);
        Assert.Equal(["No truth: only the spread of 1 images over the clusters is told."], report.Notes);
        Assert.Null(report.Detail!["accuracy"]);
    }

    [Fact]
    public async Task Images_without_truth_beside_others_are_counted_and_told()
    {
        var report = await Evaluate(new(), Image([0, 1], [0, 1]), Image([0, 1], null));

        Assert.Contains("1 of 2 images have no truth and are not scored.", report.Notes);
    }

    [Fact]
    public async Task An_empty_flow_is_reported_without_a_crash()
    {
        var report = await Evaluate(new(["a"]));

        Assert.Equal(0, report.Headline.Single(h => h.Key == "images").Value);
    }

    [Fact]
    public async Task A_cluster_that_has_nearly_everything_is_warned_of()
    {
        await Evaluate(new(), Image([.. Enumerable.Repeat((ushort)1, 96), 0, 0, 0, 0], null));

        Assert.Equal(("warning", "Cluster 1 has 96.0 % of the pixels: the clustering has collapsed.", null), Assert.Single(_context.Logged));
    }

    [Theory]
    [InlineData(2, 1, "evaluate.size", "the prediction has 1 x 2 pixels, its truth 2 x 1; they must be of one size")]
    [InlineData(1, 2, "evaluate.unknown_class", "the truth has class id 7, expected 0 to 1 for the 2 named classes, or the ignore id")]
    public async Task A_truth_that_does_not_fit_is_a_fault(int height, int width, string code, string message)
    {
        var prediction = new Prediction(default, height, width, 2, [0, 1], Truth: new LabelMap(1, 2, [0, 7]));

        var fault = await Write(new(["a", "b"]), prediction);

        Assert.Equal(new Fault(code, message), fault);
    }

    [Fact]
    public async Task A_cluster_beyond_the_count_is_a_fault()
    {
        var fault = await Write(new(), new Prediction(default, 1, 2, 2, [0, 2]));

        Assert.Equal("evaluate.unknown_cluster", fault!.Code);
    }

    [Fact]
    public async Task Ids_that_cannot_be_counted_are_a_fault_and_no_lack_of_memory()
    {
        var fault = await Write(new(), new Prediction(default, 1, 2, 60001, [0, 60000], Truth: new LabelMap(1, 2, [0, 60000])));

        Assert.Equal("evaluate.too_many_ids", fault!.Code);
    }

    [Fact]
    public async Task A_rejected_image_leaves_no_trace_in_the_counts()
    {
        var bad = new Prediction(default, 1, 2, 2, [0, 1], Truth: new LabelMap(1, 2, [0, 7]));
        await using var writer = HungarianEvaluation.Sink("evaluate.hungarian", new FlowOptions(), new(["a", "b"])).Open(_context);

        await writer.WriteAsync(bad, default, Stop);
        await writer.WriteAsync(Image([0, 1], [0, 1]), default, Stop);
        await writer.CompleteAsync(Stop);

        Assert.Equal(2, _context.Reports.Single().Detail!["pixels_scored"]!.GetValue<long>());
        Assert.Equal(1, _context.Reports.Single().Detail!["images"]!.GetValue<long>());
    }

    public void Dispose() => _context.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Prediction Image(ushort[] clusters, ushort[]? truth, int? count = null) =>
        new(default, 1, clusters.Length, count ?? clusters.Max() + 1, clusters, Truth: truth is null ? null : new LabelMap(1, truth.Length, truth));

    private async Task<Fault?> Write(EvaluationOptions options, Prediction prediction)
    {
        await using var writer = HungarianEvaluation.Sink("evaluate.hungarian", new FlowOptions(), options).Open(_context);
        return await writer.WriteAsync(prediction, default, Stop);
    }

    private async Task<StageReport> Evaluate(EvaluationOptions options, params Prediction[] predictions)
    {
        await using var writer = HungarianEvaluation.Sink("evaluate.hungarian", new FlowOptions(), options).Open(_context);
        foreach (var prediction in predictions)
        {
            Assert.Null(await writer.WriteAsync(prediction, default, Stop));
        }

        await writer.CompleteAsync(Stop);
        return Assert.Single(_context.Reports);
    }
}
