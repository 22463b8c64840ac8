using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Superpixels;

/// <summary>Which variant cuts.</summary>
public enum SlicAlgorithm
{
    /// <summary>One compactness for the whole image, the ruler.</summary>
    Slic,

    /// <summary>Compactness adapted to each superpixel.</summary>
    Slico,
}

/// <summary>How finely and how regularly an image is cut.</summary>
/// <param name="RegionSize">Mean superpixel edge in pixels, 2 to 256; null to derive it from <paramref name="Count"/>.</param>
/// <param name="Count">Superpixels wanted for each image, whatever its size; null when the region size is given.</param>
/// <param name="Ruler">Compactness weight m, 1 to 100; larger gives squarer superpixels. SLICO adapts it by itself.</param>
/// <param name="Iterations">Rounds of assignment and update, 1 to 100.</param>
/// <param name="Connectivity">Smallest superpixel that is kept, in percent of the mean size, 1 to 100; smaller ones join a neighbour.</param>
/// <param name="Blur">Standard deviation of a Gaussian blur before the cut, in pixels, 0 to 10; 0 for none.</param>
/// <param name="Engine">Whose code cuts; the same options give other superpixels with another engine. Null for ours, and OpenCV's for SLICO, which ours has not.</param>
/// <param name="Infrared">Whether a fourth band counts in the distance like a band of Lab; <see cref="SlicEngine.Simd"/> only.</param>
public sealed record SlicOptions(
    SlicAlgorithm Algorithm = SlicAlgorithm.Slic,
    int? RegionSize = 10,
    int? Count = null,
    double Ruler = 10,
    int Iterations = 10,
    int Connectivity = 25,
    double Blur = 0,
    SlicEngine? Engine = null,
    bool Infrared = false)
{
    private static readonly Decoder<SlicAlgorithm> _algorithm = Decode.OneOf(("slic", SlicAlgorithm.Slic), ("slico", SlicAlgorithm.Slico));

    private static readonly Decoder<SlicEngine> _engine = Decode.OneOf(("opencv", SlicEngine.OpenCv), ("simd", SlicEngine.Simd));

    public static SlicOptions Read(Fields f)
    {
        var count = f.Get("count", Decode.WholeNumber.Between(1, 1_000_000).Or("none"), null, "Superpixels wanted for each image, instead of region_size.");
        var options = new SlicOptions(
            f.Get("algorithm", WithoutMslic, SlicAlgorithm.Slic, "slic has one compactness, slico adapts it to each superpixel."),
            f.Get("region_size", Decode.WholeNumber.Between(2, 256).Or("auto"), count is null ? 10 : null, "Mean superpixel edge, in pixels; auto follows count."),
            count,
            f.Get("ruler", Decode.Number.Between(1.0, 100.0), 10, "Compactness; larger gives squarer superpixels."),
            f.Get("iterations", Decode.WholeNumber.Between(1, 100), 10, "Rounds of assignment and update."),
            f.Get("connectivity", Decode.WholeNumber.Between(1, 100), 25, "Superpixels smaller than this many percent of the mean join a neighbour."),
            f.Get("blur", Decode.Number.Between(0.0, 10.0), 0, "Standard deviation of a Gaussian blur before the cut, in pixels; 0 for none."),
            f.Get("engine", _engine.Or("auto"), null, "simd is ours, over ten times faster than opencv, the reference, and truer to the wanted count; auto is simd, and opencv for slico, which simd has not."),
            f.Get("infrared", Decode.YesNo, false, "A fourth band counts in the distance; engine simd only."));
        RefuseMixtures(f, options);
        return options;
    }

    private static void RefuseMixtures(Fields f, SlicOptions options)
    {
        if (options is { Count: not null, RegionSize: not null })
        {
            f.Refuse("count", "expected either region_size or count, found both");
        }
        else if (options is { Count: null, RegionSize: null } && f.Node["region_size"].Scalar == "auto" && f.Node["count"].Scalar is null or "none")
        {
            f.Refuse("region_size", "auto needs count, from which it follows");
        }

        if (options is { Engine: SlicEngine.Simd, Algorithm: SlicAlgorithm.Slico })
        {
            f.Refuse("algorithm", "engine simd has no slico; use slic, or engine: opencv");
        }

        if (options is { Cutter: SlicEngine.OpenCv, Infrared: true })
        {
            f.Refuse("infrared", "engine opencv does not look at a fourth band; use engine: simd, without slico");
        }
    }

    /// <summary>The engine that cuts.</summary>
    public SlicEngine Cutter => Engine ?? (Algorithm == SlicAlgorithm.Slico ? SlicEngine.OpenCv : SlicEngine.Simd);

    /// <summary>The edge of a superpixel for an image of this size, in pixels.</summary>
    public int RegionSizeFor(int height, int width) =>
        RegionSize ?? Math.Max(2, (int)Math.Round(Math.Sqrt((double)height * width / (Count ?? 1))));

    private static Decoder<SlicAlgorithm> WithoutMslic => _algorithm with
    {
        Read = node => node.Scalar == "mslic"
            ? node.Error("mslic splits textured images without bound (56,961 superpixels and 36 s for one image of 1024 x 1024); use slic or slico")
            : _algorithm.Read(node),
    };
}
