using System.Security.Cryptography;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Conformance;

public class BuiltInStagesTests
{
    private static readonly byte[] _map = BadShards.Labels();

    [Theory]
    [InlineData("{}")]
    [InlineData("{bands: 4, max_pixels: 500, labels: {required: true}}")]
    public async Task Image_decode_conforms(string options)
    {
        var whole = BadShards.Image();
        var four = Pictures.Encode(".png", Pictures.Texture(20, 20, bands: 4));
        byte[][] files = [whole, [], "no image"u8.ToArray(), whole[..(whole.Length / 2)], CraftedFiles.HugePng(60_000, 60_000), four, BadShards.Image(1, 1), whole];
        Func<Sample>[] items = [.. files.Select(Func<Sample> (file, i) => () => Pictures.Sample([.. file], i % 2 == 0 ? [.. _map] : null))];

        await Conforms(Case<Sample, RgbImage>("image.decode", options, items, s => Hash(s.Image.ToArray()) + Hash(s.Label?.ToArray()), Print));
    }

    [Theory]
    [InlineData("image.resize", "{width: 40, height: 30}")]
    [InlineData("image.resize", "{scale: 0.5, interpolation: cubic}")]
    [InlineData("image.crop", "{width: 24, height: 24}")]
    [InlineData("image.flip", "{vertical: true}")]
    [InlineData("image.jitter", "{}")]
    public async Task What_changes_images_conforms(string name, string options) =>
        await Conforms(Case<RgbImage, RgbImage>(name, options, Images(), Print, Print));

    [Fact]
    public async Task Superpixel_slic_conforms() => await Conforms(Case<RgbImage, SuperpixelMap>(
        "superpixel.slic", "{region_size: 8, cache: false}", Images(), Print, map => $"{map.Count} {Hash(map.Labels.SelectMany(BitConverter.GetBytes))}"));

    [Fact]
    public async Task Pairs_decode_conforms()
    {
        byte[][] maps = [_map, [], _map[..40], BadShards.Image(), CraftedFiles.HugePng(60_000, 60_000), BadShards.Labels(16), _map];
        Func<PairedMaps>[] items = [.. maps.Select(Func<PairedMaps> (map, i) => () => new PairedMaps(new Origin("s", $"{i}"), [.. map], [.. _map]))];

        await Conforms(Case<PairedMaps, Prediction>(
            "pairs.decode", "{}", items, p => Hash(p.Prediction) + Hash(p.Truth), p => $"{p.Width} x {p.Height}: {Hash(p.Clusters.SelectMany(BitConverter.GetBytes))}"));
    }

    [Fact]
    public async Task A_stage_of_an_assembly_of_its_own_conforms() =>
        await Conforms(Case<RgbImage, RgbImage>("acme.gain", "{factor: 2}", [() => Pictures.Flat(4, 4, 0, 0, 0), .. Images()], Print, Print));

    private static async Task Conforms<TIn, TOut>(StageCase<TIn, TOut> stage) => Assert.Empty(await StageConformance.CheckAsync(stage));

    private static StageCase<TIn, TOut> Case<TIn, TOut>(
        string name, string options, IReadOnlyList<Func<TIn>> items, Func<TIn, string> printIn, Func<TOut, string> printOut)
    {
        var entry = new StandardStages().Entries.Concat(AcmeModule.Entries).Single(e => e.Name == name);
        return new StageCase<TIn, TOut>(
            flow => ((StageStep<TIn, TOut>)Pictures.Read(options, fields => entry.Read(fields, new StepContext(flow, true, 1)))).Stage, items, printIn, printOut);
    }

    private static Func<RgbImage>[] Images() =>
    [
        () => Pictures.Coordinates(32, 48), () => Pictures.Coordinates(1, 1), () => Pictures.Texture(3, 200), () => Pictures.Flat(16, 16, 0, 0, 0),
        () => Pictures.Texture(200, 300), () => Pictures.Texture(17, 31, bands: 4), () => Pictures.Coordinates(32, 48),
    ];

    private static string Print(RgbImage image) =>
        $"{image.Origin} {image.Width} x {image.Height} x {image.Bands} {Hash(image.Pixels)} {Hash(image.Truth?.Ids.SelectMany(BitConverter.GetBytes))}";

    private static string Hash(IEnumerable<byte>? bytes) => bytes is null ? "none" : Convert.ToHexString(SHA256.HashData([.. bytes]));

    private static IStageModule AcmeModule => ModuleLoader.Load(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Acme.Stages", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Acme.Stages.dll"),
        new ConfigNode(null, "modules", ConfigFile.Empty)).Match(modules => modules.Single(), errors => throw new InvalidOperationException(errors[0].ToString()));
}
