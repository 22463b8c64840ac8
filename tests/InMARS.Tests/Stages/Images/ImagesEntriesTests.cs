using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;

namespace InMARS.Tests.Stages.Images;

public class ImagesEntriesTests
{
    private static readonly StepContext _step = new(new FlowOptions(), false, 1);

    [Theory]
    [InlineData("image.decode", "{ bands: 5 }", "run.yaml:1:10: with.bands: expected 3 to 4, found 5")]
    [InlineData("image.decode", "{ label: {} }", "run.yaml:1:3: with.label: unknown key; did you mean 'labels'?")]
    [InlineData("image.decode", "labels: { classes: { sky: [0], road: [1, 0] } }", "run.yaml:1:20: with.labels.classes: id 0 is listed for 'sky' and for 'road'")]
    [InlineData("image.decode", "labels: { classes: { void: [255] } }", "run.yaml:1:20: with.labels.classes: id 255 of 'void' is the ignore id")]
    [InlineData("image.decode", "labels: { strict: true }", "run.yaml:1:19: with.labels.strict: strict needs classes, which say what ids there are")]
    [InlineData("image.decode", "labels: { use: false, required: true }", "run.yaml:1:33: with.labels.required: labels cannot be required and not used")]
    [InlineData("image.resize", "{}", "run.yaml:1:1: with.width: expected width, height or scale, found none of them")]
    [InlineData("image.resize", "{ width: 5, scale: 2 }", "run.yaml:1:20: with.scale: expected either scale or width and height, found both")]
    [InlineData("image.resize", "{ width: -5 }", "run.yaml:1:10: with.width: expected 0 to 32768, found -5")]
    [InlineData("image.crop", "{ width: 5 }", "run.yaml:1:1: with.height: expected a whole number, 1 to 32768, found nothing")]
    [InlineData("image.crop", "{ width: 5, height: 5, position: center }", "run.yaml:1:34: with.position: expected random or centre, found 'center'; did you mean 'centre'?")]
    [InlineData("image.flip", "{ horizontal: false }", "run.yaml:1:15: with.horizontal: with neither horizontal nor vertical nothing is ever flipped")]
    [InlineData("image.jitter", "{ hue: 0.7 }", "run.yaml:1:8: with.hue: expected 0 to 0.5, found 0.7")]
    [InlineData("superpixel.slic", "{ region_size: 1 }", "run.yaml:1:16: with.region_size: expected 2 to 256, found 1")]
    [InlineData("superpixel.slic", "{ region_size: 9, count: 100 }", "run.yaml:1:26: with.count: expected either region_size or count, found both")]
    [InlineData("superpixel.slic", "{ region_size: auto }", "run.yaml:1:16: with.region_size: auto needs count, from which it follows")]
    [InlineData("superpixel.slic", "{ algorithm: mslic }", "run.yaml:1:14: with.algorithm: mslic splits textured images without bound (56,961 superpixels and 36 s for one image of 1024 x 1024); use slic or slico")]
    public void Read_reports(string entry, string yaml, string error) =>
        Assert.Equal([error], Pictures.Errors(yaml, f => Entry(entry).Read(f, _step)));

    [Fact]
    public void Every_entry_describes_its_options_and_names_its_types()
    {
        Assert.Equal(
            ["image.decode Sample -> RgbImage", "image.resize RgbImage -> RgbImage", "image.crop RgbImage -> RgbImage", "image.flip RgbImage -> RgbImage", "image.jitter RgbImage -> RgbImage", "superpixel.slic RgbImage -> SuperpixelMap"],
            All.Select(e => $"{e.Name} {e.Types}"));
        Assert.All(All, entry => Assert.NotEmpty(entry.Options));
        Assert.Equal("10", Entry("superpixel.slic").Options.Single(o => o.Key == "region_size").Default);
    }

    [Theory]
    [InlineData("image.decode", "{}")]
    [InlineData("image.resize", "{ scale: 0.5 }")]
    [InlineData("image.crop", "{ width: 5, height: 5 }")]
    [InlineData("image.flip", "{ vertical: true, horizontal: false }")]
    [InlineData("image.jitter", "{}")]
    [InlineData("superpixel.slic", "{ count: 100 }")]
    [InlineData("superpixel.slic", "{}")]
    public void Read_takes_its_own_resolved_configuration(string entry, string yaml)
    {
        var node = new ConfigNode(YamlText.Parse(yaml), "with", new ConfigFile("run.yaml"));
        var first = Fields.Read(node, f => Entry(entry).Read(f, _step)).ErrorsOrNone;
        var again = Pictures.Errors(YamlText.Write(node.Yaml!), f => Entry(entry).Read(f, _step));

        Assert.Empty(first);
        Assert.Empty(again);
    }

    [Fact]
    public void A_window_larger_than_an_array_is_refused() => Assert.Equal(
        ["run.yaml:1:10: with.width: expected at most 500000000 pixels, found 32768 x 32768"],
        Pictures.Errors("{ width: 32768, height: 32768 }", f => Entry("image.crop").Read(f, _step)));

    private static IEnumerable<StageEntry> All => [.. ImagesEntries.All, .. SuperpixelsEntries.All];

    private static StageEntry Entry(string name) => All.Single(e => e.Name == name);
}
