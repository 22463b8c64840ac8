using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Reports;
using InMARS.Tests.Support;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Reports;

public sealed class OverlayWriterTests : IDisposable
{
    private static readonly OverlayOptions Opaque = new(Alpha: 1, Boundaries: false);

    private readonly FakeStageContext _context = new();

    [Fact]
    public async Task A_cluster_has_the_colour_of_its_class_in_the_truth()
    {
        await Write(Opaque, Scene("a", [1, 0], [0, 1]));

        using var picture = Cv2.ImRead(Path.Combine(_context.PathInRun("overlays"), "000-a.png"));
        var (panel, gutter) = (384, 6);
        Assert.Equal(3 * panel + 2 * gutter, picture.Cols);
        Assert.Equal(picture.At<Vec3b>(50, 2 * (panel + gutter) + 50), picture.At<Vec3b>(50, panel + gutter + 50));
        Assert.Equal(picture.At<Vec3b>(50, 2 * (panel + gutter) + 350), picture.At<Vec3b>(50, panel + gutter + 350));
        Assert.NotEqual(picture.At<Vec3b>(50, panel + gutter + 50), picture.At<Vec3b>(50, panel + gutter + 350));
    }

    [Fact]
    public async Task A_cluster_has_the_colour_of_an_edited_legend_before_that_of_its_class()
    {
        var legend = new ClusterLegend([new("road", "#102030"), new("sky", "#405060")]);

        await Write(Opaque, Scene("a", [1, 0], [0, 1]) with { Legend = legend });

        using var picture = Cv2.ImRead(Path.Combine(_context.PathInRun("overlays"), "000-a.png"));
        Assert.Equal(new Vec3b(0x60, 0x50, 0x40), picture.At<Vec3b>(50, 384 + 6 + 50));
        Assert.Equal(new Vec3b(0x30, 0x20, 0x10), picture.At<Vec3b>(50, 384 + 6 + 350));
    }

    [Fact]
    public async Task Without_truth_two_panels_are_drawn()
    {
        await Write(Opaque, Scene("a", [1, 0], null));

        using var picture = Cv2.ImRead(Path.Combine(_context.PathInRun("overlays"), "000-a.png"));
        Assert.Equal(2 * 384 + 6, picture.Cols);
    }

    [Fact]
    public async Task No_more_are_drawn_than_asked_for()
    {
        await Write(Opaque with { Limit = 2 }, Scene("a/b", [1, 0], null), Scene("c", [1, 0], null), Scene("d", [1, 0], null));

        Assert.Equal(["000-a_b.png", "001-c.png"], Directory.GetFiles(_context.PathInRun("overlays")).Select(Path.GetFileName).Order());
        Assert.StartsWith("2 overlays in ", Assert.Single(_context.Reports).Notes.Single());
    }

    [Fact]
    public async Task A_prediction_without_its_image_is_a_fault()
    {
        await using var writer = OverlayWriter.Sink("write.overlay", new FlowOptions(), Opaque).Open(_context);

        var fault = await writer.WriteAsync(Scene("a", [1, 0], null) with { Image = null }, default, TestContext.Current.CancellationToken);

        Assert.Equal("overlay.no_image", fault!.Code);
    }

    public void Dispose() => _context.Dispose();

    private static Prediction Scene(string key, ushort[] clusters, ushort[]? truth)
    {
        var origin = new Origin("s.tar", key);
        return new Prediction(origin, 1, 2, 2, clusters, new RgbImage(origin, 1, 2, 3, [9, 9, 9, 99, 99, 99]), truth is null ? null : new LabelMap(1, 2, truth));
    }

    private async Task Write(OverlayOptions options, params Prediction[] predictions)
    {
        await using var writer = OverlayWriter.Sink("write.overlay", new FlowOptions(), options).Open(_context);
        foreach (var prediction in predictions)
        {
            Assert.Null(await writer.WriteAsync(prediction, default, TestContext.Current.CancellationToken));
        }

        await writer.CompleteAsync(TestContext.Current.CancellationToken);
    }
}
