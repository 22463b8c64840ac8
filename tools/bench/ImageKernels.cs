using BenchmarkDotNet.Attributes;
using InMARS.Cli.Benchmarks.Running;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;
using InMARS.Stages.Superpixels;

namespace InMARS.Bench;

/// <summary>What becomes of an image before the network, one kernel at a time, on a scene as JPEG.</summary>
public class ImageKernels
{
    private const ulong Seed = 7;
    private readonly Decoding _decoding = new(DecodingOptions.Default);
    private readonly SlicOptions _options = new(RegionSize: 16);
    private Sample _sample = null!;
    private RgbImage _image = null!;
    private SuperpixelMap _map = null!;

    public static string[] Sizes { get; } = ["64 x 48", "480 x 360", "1024 x 1024"];

    [ParamsSource(nameof(Sizes))]
    public string Size { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var sides = Size.Split(" x ").Select(int.Parse).ToArray();
        _sample = new Sample(new Origin("bench", "0"), "0.jpg", BenchImages.Jpeg(BenchImages.Scene(Seed, sides[0], sides[1])));
        _image = Decode();
        _map = Cut();
    }

    [Benchmark]
    public RgbImage Decode() => Value(_decoding.Decode(_sample));

    [Benchmark]
    public SuperpixelMap Cut() => Value(Slic.Cut(_image, _options));

    [Benchmark]
    public void Collate() => Value(Collation.Collate([_map])).Dispose();

    private static T Value<T>(Result<T> result) => result.Match(value => value, fault => throw new InvalidOperationException(fault.Message));
}
