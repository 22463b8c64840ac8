using System.Globalization;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;
using InMARS.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages;

/// <summary>What stages say that they fill is what their outputs hold beyond their inputs.</summary>
public class FillingsTests
{
    private static readonly RgbImage _image = Pictures.Coordinates(30, 44);

    [Theory]
    [InlineData("{ use: image.decode }", 44 * 30 * 5, 44 * 30)]
    [InlineData("{ use: image.decode, with: { resize: { width: 22 } } }", 22 * 15 * 5, 22 * 15)]
    [InlineData("{ use: image.decode }, { use: image.resize, with: { width: 11, height: 9 } }", (44 * 30 * 5) + (11 * 9 * 5), 11 * 9)]
    [InlineData("{ use: image.decode, with: { labels: { use: false } } }, { use: image.crop, with: { width: 20, height: 20 } }, { use: image.flip }", (44 * 30 * 3) + (2 * 20 * 20 * 3), 20 * 20)]
    [InlineData("{ use: image.decode }, { use: image.jitter }", (44 * 30 * 5) + (44 * 30 * 3), 44 * 30)]
    public void Graph_adds_up_what_the_stages_say(string steps, long images, long cut)
    {
        var yaml = $$"""
            run: { name: test }
            flows:
              - name: test
                source: { use: shard.read, with: { path: x } }
                steps: [{{steps}}, { use: superpixel.slic }]
                sinks: [{ use: write.superpixels }]
            """;
        var plan = RunFile.Parse(yaml, "run.yaml", [], [new StandardStages()]).Match(p => p.Flows[0], e => throw new InvalidOperationException(string.Join('\n', e)));

        var text = Mermaid.Of(plan, 1 << 20, Source(new Extent(30, 44)));

        Assert.Contains($"{(images + (cut * sizeof(int))).ToString("N0", CultureInfo.InvariantCulture)} bytes filled for an item", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_hold_what_is_declared()
    {
        var layers = new ImageLayers(3, HasTruth: true);
        var resize = new ResizingOptions(20, 10, null);
        var map = new SuperpixelMap(_image, new int[30 * 44], 1);
        using var batch = Collation.Collate([map]).Value();

        Assert.Equal(layers.Bytes(new Extent(10, 20)), Fresh(Resizing.Resize(_image, resize).Value()));
        Assert.Equal(layers.Bytes(new Extent(12, 14)), Fresh(Cropping.Crop(_image, new CroppingOptions(14, 12, CropPosition.Random, CropPadding.Zero), Pictures.Item(1))));
        Assert.Equal(layers.Bytes(new Extent(30, 44)), Fresh(Flipping.Flip(_image, new FlippingOptions(0.5), Pictures.Item(1))));
        Assert.Equal(30L * 44 * 3, Fresh(Jittering.Jitter(_image, new JitteringOptions(0.1, 0.1, 0.1, 0.1), Pictures.Item(1))));
        Assert.Equal(30L * 44 * ((3 * 4) + 8), batch.Pixels.bytes.Length + batch.Superpixels.bytes.Length);
    }

    private static Outlook Source(Extent extent) => new(new TestHost().Settings, new MemoryLimit(long.MaxValue, "test"), 1) { Items = 1, Extents = [extent] };

    private static long Fresh(RgbImage made) =>
        (ReferenceEquals(made.Pixels, _image.Pixels) ? 0 : made.Pixels.LongLength)
        + (made.Truth is null || ReferenceEquals(made.Truth.Ids, _image.Truth!.Ids) ? 0 : made.Truth.Ids.LongLength * sizeof(ushort));
}
