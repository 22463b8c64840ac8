using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Reports;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Support;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Reports;

public sealed class SuperpixelWriterTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    [Fact]
    public async Task A_map_is_written_with_its_numbers()
    {
        Assert.Null(await Write(Map([0, 299, 1], 300)));

        using var read = Cv2.ImRead(Path.Combine(_context.PathInRun("superpixels"), "k.png"), ImreadModes.Unchanged);
        Assert.Equal((MatType.CV_16UC1, 299), (read.Type(), read.At<ushort>(0, 1)));
    }

    [Fact]
    public async Task More_superpixels_than_sixteen_bits_hold_are_a_fault() =>
        Assert.Equal(
            new Fault("write.too_many", "the image has 65536 superpixels; a PNG of 16 bits holds 65535"),
            await Write(Map([0, 65535, 1], 65536)));

    public void Dispose() => _context.Dispose();

    private static SuperpixelMap Map(int[] labels, int count) =>
        new(new RgbImage(new Origin("s", "k"), 1, labels.Length, 3, new byte[3 * labels.Length]), labels, count);

    private async Task<Fault?> Write(SuperpixelMap map)
    {
        await using var writer = SuperpixelWriter.Sink("write.superpixels", new FlowOptions(), "superpixels").Open(_context);
        return await writer.WriteAsync(map, default, TestContext.Current.CancellationToken);
    }
}
