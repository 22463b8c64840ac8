using System.Text.Json.Serialization;

namespace InMARS.Stages.Learning;

/// <summary>Which network.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NetworkKind>))]
public enum NetworkKind
{
    /// <summary>A small one of our own, whose width, poolings and depth may be chosen.</summary>
    [JsonStringEnumMemberName("inmars")]
    Inmars,

    /// <summary>SegmentationNet10a of Ji et al., "Invariant information clustering", ICCV 2019, as its code has it; 4.5 million weights.</summary>
    [JsonStringEnumMemberName("net10a")]
    Net10a,

    /// <summary>A fast one of our own: two convolutions of stride 2 instead of layers at full size and poolings; width and depth may be chosen.</summary>
    [JsonStringEnumMemberName("strided")]
    Strided,
}

/// <summary>What a convolution sees beyond the border of its input.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BorderPadding>))]
public enum BorderPadding
{
    /// <summary>The input, mirrored: nothing tells a cell how far the border is.</summary>
    [JsonStringEnumMemberName("reflect")]
    Reflect,

    /// <summary>Zeros. A network sees them, and so knows where in the frame a cell lies; clusters of places then beat clusters of content.</summary>
    [JsonStringEnumMemberName("zeros")]
    Zeros,
}

/// <summary>Shape of the network.</summary>
/// <param name="Bands">Bands of its images: 3, or 4 with near infrared.</param>
/// <param name="Width">Channels of the first layer, 4 to 256; each pooling doubles them.</param>
/// <param name="Pools">Poolings by two, 0 to 4.</param>
/// <param name="Depth">Dilated layers at the end, 1 to 8.</param>
/// <param name="Sobel">Whether the edges of the grey image go in beside the bands.</param>
/// <param name="Padding">Of the kinds of our own; <see cref="NetworkKind.Net10a"/> has zeros, as published.</param>
/// <param name="Kind">Other kinds have a shape of their own: see <see cref="Net10a"/> and <see cref="Strided"/>.</param>
/// <param name="Height">Whether the height in the frame goes in beside the bands.</param>
public sealed record NetworkOptions(
    int Bands = 3,
    int Width = 16,
    int Pools = 2,
    int Depth = 2,
    bool Sobel = true,
    NetworkKind Kind = NetworkKind.Inmars,
    BorderPadding Padding = BorderPadding.Reflect,
    HeightInput Height = HeightInput.Off)
{
    /// <summary>The network of the published protocol.</summary>
    public static NetworkOptions Net10a(int bands = 3, bool sobel = true) => new(bands, Width: 64, Pools: 1, Depth: 2, sobel, NetworkKind.Net10a, BorderPadding.Zeros);

    /// <summary>The fast network: w, 2w and 3w channels, then <paramref name="depth"/> dilated layers of 3w.</summary>
    public static NetworkOptions Strided(int bands = 3, int width = 32, int depth = 2, bool sobel = true) => new(bands, width, Pools: 0, depth, sobel, NetworkKind.Strided);

    /// <summary>Pixels that one cell of the deepest layer stands for, along one side.</summary>
    internal int Stride => 1 << Layers[^1].Level;

    /// <summary>Channels that go into the first layer.</summary>
    internal int Inputs => Bands + (Sobel ? 2 : 0) + Beside;

    /// <summary>Those of them that are none of the image.</summary>
    private int Beside => Height == HeightInput.Off ? 0 : 1;

    /// <summary>Channels that come out of the last layer.</summary>
    internal int Features => Layers[^1].Outputs;

    /// <summary>What is taken off every value before the first layer; the published protocol takes nothing off.</summary>
    internal double Centre => Kind == NetworkKind.Net10a ? 0 : 0.45;

    /// <summary>
    /// Whether scores lie where their pixels lie, so that tiles agree. Net10a loses four cells a side, wins one back in
    /// its head, and stretches what is left to the size of the image: how far, depends on that size.
    /// </summary>
    internal bool KeepsPlace => Kind != NetworkKind.Net10a;

    /// <summary>Shortest side of an image that it takes, in pixels.</summary>
    internal int LeastSide => Kind == NetworkKind.Net10a ? 2 * (TrimmedCells + 1) : 1;

    /// <summary>Shortest side of an image that it learns from, in pixels.</summary>
    internal int LeastLearningSide => LeastSide + (2 * Stride) - 1;

    /// <summary>Pixels further away than this do not change an answer, up to rounding; of <see cref="KeepsPlace"/> only.</summary>
    internal int Reach => Layers.Sum(l => l.Dilation * (1 << l.Level)) + (2 * Stride) + 1;

    /// <summary>The layers from the input on.</summary>
    internal IReadOnlyList<LayerShape> Layers => Kind switch
    {
        NetworkKind.Net10a =>
        [
            new(0, Inputs, 64, 1, 1), new(0, 64, 128, 1, 1), new(1, 128, 256, 1, 1), new(1, 256, 256, 1, 1),
            new(1, 256, 512, 2, 1), new(1, 512, 512, 2, 1),
        ],
        NetworkKind.Strided => [.. Halving().Select(Bordered)],
        _ => [.. Own().Select(Bordered)],
    };

    /// <summary>The head that scores a number of clusters.</summary>
    internal HeadShape Head(int clusters) => Kind == NetworkKind.Net10a
        ? new HeadShape(Features, clusters, Math.Sqrt(2.0 / Features), Bias: false, Padding: 1)
        : new HeadShape(Features, clusters, Deviation: 0.01, Bias: true, Padding: 0);

    /// <summary>Numbers of a network with a head of so many clusters: weights, and scale, shift, mean and variance of each channel.</summary>
    internal long Numbers(int clusters) =>
        Layers.Sum(l => ((long)l.Inputs * l.Outputs * l.Kernel * l.Kernel) + (4L * l.Outputs)) + OfHead(clusters);

    /// <summary>Numbers of a head.</summary>
    internal long OfHead(int clusters) => clusters * (Features + (Head(clusters).Bias ? 1L : 0));

    private LayerShape Bordered(LayerShape layer, int number) => layer with { Border = Padding, Beside = number == 0 ? Beside : 0 };

    /// <summary>Cells that convolutions take from a side, all together.</summary>
    private int TrimmedCells => Layers.Sum(l => 2 * (l.Dilation - l.Padding));

    /// <summary>Two layers that halve, one that does not, and the dilated ones.</summary>
    /// <remarks>
    /// Even kernels keep cells where they belong: cell i of stride 2 covers the cells 2i - 1 to 2i + 2 in front of it,
    /// whose centre 2i + 0.5 is that of the two it stands for. Enlarging by the exact factor then puts scores where their pixels lie.
    /// </remarks>
    private List<LayerShape> Halving() =>
    [
        new(0, Inputs, Width, 1, 1) { Kernel = 4, Stride = 2 },
        new(1, Width, 2 * Width, 1, 1) { Kernel = 4, Stride = 2 },
        new(2, 2 * Width, 3 * Width, 1, 1),
        .. Enumerable.Repeat(new LayerShape(2, 3 * Width, 3 * Width, 2, 2), Depth),
    ];

    /// <summary>w, 2w, then two a level, each level twice as wide, and the dilated ones.</summary>
    private List<LayerShape> Own()
    {
        var widest = Pools == 0 ? 2 * Width : (2 << Pools) * Width;
        List<LayerShape> layers = [new(0, Inputs, Width, 1, 1), new(0, Width, 2 * Width, 1, 1)];
        for (var level = 1; level < Pools; level++)
        {
            layers.Add(new LayerShape(level, layers[^1].Outputs, (2 << level) * Width, 1, 1));
            layers.Add(new LayerShape(level, layers[^1].Outputs, (2 << level) * Width, 1, 1));
        }

        layers.AddRange(Enumerable.Range(0, Depth).Select(i => new LayerShape(Pools, i == 0 ? layers[^1].Outputs : widest, widest, 2, 2)));
        return layers;
    }
}

/// <summary>One convolution of the trunk.</summary>
/// <param name="Level">Halvings in front of it, by poolings or by layers of stride 2.</param>
/// <param name="Padding">Cells around its input; fewer than <paramref name="Dilation"/> make the output smaller.</param>
internal sealed record LayerShape(int Level, int Inputs, int Outputs, int Dilation, int Padding)
{
    /// <summary>What these cells hold.</summary>
    public BorderPadding Border { get; init; } = BorderPadding.Zeros;

    /// <summary>How many of its inputs, the last ones, are none of the image; they count for no fan-in.</summary>
    public int Beside { get; init; }

    /// <summary>Weights along a side, 3 or 4.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>1, or 2 where it halves.</summary>
    public int Stride { get; init; } = 1;
}

/// <summary>A 1x1 convolution behind the trunk.</summary>
/// <param name="Deviation">Of the first weights.</param>
/// <param name="Padding">Zeros around the features.</param>
internal sealed record HeadShape(int Features, int Clusters, double Deviation, bool Bias, int Padding);
