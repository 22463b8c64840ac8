using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>How the learning rate moves through a flow.</summary>
public enum RateSchedule
{
    Constant,

    /// <summary>Half a cosine, from the full rate to nothing at the end of the flow.</summary>
    Cosine,
}

/// <summary>A second head with more clusters, for training only.</summary>
/// <param name="Clusters">0 leaves it out.</param>
/// <param name="Weight">Weight of its loss.</param>
public sealed record OverclusteringOptions(int Clusters = 0, double Weight = 1);

/// <summary>What every learner can be told, whatever it minimises.</summary>
/// <param name="Clusters">K, 2 to 1024.</param>
/// <param name="LearningRate">Of Adam.</param>
/// <param name="Ema">Decay of the averaged weights that are saved; 0 saves the last weights.</param>
/// <param name="GradientClip">Longest gradient; 0 is no limit.</param>
public sealed record TrainingOptions(
    int Clusters,
    double LearningRate = 1e-3,
    RateSchedule Schedule = RateSchedule.Cosine,
    double Ema = 0.98,
    double GradientClip = 0)
{
    /// <summary>What holds where a run file says nothing, for learn.inmars and its rivals alike; it must say the clusters.</summary>
    public static TrainingOptions Recipe { get; } = new(2, LearningRate: 2e-3) { Network = NetworkOptions.Strided() with { Height = HeightInput.Auto } };

    /// <summary>Batches whose gradients are averaged for one step.</summary>
    /// <remarks>
    /// Terms that are means over superpixels, as the divergences are, get the gradient of one batch of them all. Entropies
    /// of a batch's marginal, and normalisation statistics, stay those of each batch by itself.
    /// </remarks>
    public int Accumulate { get; init; } = 1;

    public OverclusteringOptions Overclustering { get; init; } = new();

    public NetworkOptions Network { get; init; } = new();

    public WatchOptions Watch { get; init; } = new();

    /// <summary>Learning rate where <paramref name="progress"/> of the flow is done; the full rate where that is not known.</summary>
    public double RateAt(double progress) => Schedule == RateSchedule.Constant || double.IsNaN(progress)
        ? LearningRate
        : LearningRate * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(progress, 0, 1)));

    /// <param name="d">What holds where a key is absent.</param>
    public static TrainingOptions Read(Fields f, TrainingOptions d) => Read(f, d, _ => d.Overclustering.Clusters);

    /// <param name="d">What holds where a key is absent, but for the clusters of the second head.</param>
    /// <param name="overclusters">These, of K.</param>
    internal static TrainingOptions Read(Fields f, TrainingOptions d, Func<int, int> overclusters)
    {
        var clusters = f.Require("clusters", Decode.WholeNumber.Between(2, 1024), "Clusters K; as many as there are classes for one-to-one scores.");
        return Read(f, d with { Clusters = clusters, Overclustering = d.Overclustering with { Clusters = overclusters(clusters) } }, clusters);
    }

    private static TrainingOptions Read(Fields f, TrainingOptions d, int clusters) => new(
        clusters,
        f.Get("learning_rate", Ranges.Positive(1), d.LearningRate, "Learning rate of Adam."),
        f.Get("schedule", Decode.OneOf(("constant", RateSchedule.Constant), ("cosine", RateSchedule.Cosine)), d.Schedule, "Course of the learning rate through the flow; constant where the source cannot count its items."),
        f.Get("ema", Decode.Number.Between(0, 0.9999), d.Ema, "Decay of the averaged weights that are saved; 0 saves the last weights."),
        f.Get("gradient_clip", Ranges.Weight, d.GradientClip, "Longest gradient; 0 is no limit."))
    {
        Accumulate = f.Get("accumulate", Decode.WholeNumber.Between(1, 1024), d.Accumulate, "Batches whose gradients are averaged for one step; marginal entropy and normalisation stay those of each batch."),
        Overclustering = f.Group("overclustering", g => ReadOverclustering(g, d.Overclustering), "A second head with more clusters, for training only."),
        Network = f.Group("network", g => ReadNetwork(g, d.Network), "Shape of the network."),
        Watch = WatchOptions.Read(f, d.Watch),
    };

    private static Decoder<NetworkKind> Kinds => Decode.OneOf(
        ("inmars", NetworkKind.Inmars), ("strided", NetworkKind.Strided), ("net10a", NetworkKind.Net10a));

    private static Decoder<BorderPadding> Paddings => Decode.OneOf(("reflect", BorderPadding.Reflect), ("zeros", BorderPadding.Zeros));

    private static Decoder<HeightInput> HeightInputs => Decode.OneOf(("off", HeightInput.Off), ("on", HeightInput.On), ("auto", HeightInput.Auto));

    private static OverclusteringOptions ReadOverclustering(Fields f, OverclusteringOptions d) => new(
        f.Get("clusters", Decode.WholeNumber.Between(0, 4096), d.Clusters, "Clusters of the second head; 0 leaves it out."),
        f.Get("weight", Ranges.Weight, d.Weight, "Weight of its loss."));

    internal static NetworkOptions ReadNetwork(Fields f, NetworkOptions given)
    {
        var kind = f.Get("kind", Kinds, given.Kind, "inmars is small and shaped by the keys below; strided is a faster one of width 32 that halves twice by strides and has no poolings; net10a is SegmentationNet10a of the published protocol, 4.5 million weights, whose width, pools and depth are fixed.");
        var d = Shape(kind, given);
        var options = new NetworkOptions(
            f.Get("bands", Decode.WholeNumber.Between(3, 4), d.Bands, "Bands of the images: 3, or 4 with near infrared."),
            f.Get("width", Decode.WholeNumber.Between(4, 256), d.Width, "Channels of the first layer, 32 where strided is asked for; each pooling doubles them."),
            f.Get("pools", Decode.WholeNumber.Between(0, 4), d.Pools, "Poolings by two; strided has none."),
            f.Get("depth", Decode.WholeNumber.Between(1, 8), d.Depth, "Dilated layers at the end."),
            f.Get("sobel", Decode.YesNo, d.Sobel, "Whether the edges of the grey image go in beside the bands."),
            kind,
            f.Get("padding", Paddings, d.Padding, "What a convolution sees beyond the border: reflect mirrors its input; zeros tell the network where in the frame it looks, and clusters of places may come before those of content. net10a has zeros."),
            f.Get("height", HeightInputs, d.Height, "Whether the network is told how high in the frame a pixel lies, moved by up to 0.3 half heights in training: on, off, or where the first images have an up. net10a is not, as published."));
        if (kind == NetworkKind.Net10a && options.Padding != d.Padding)
        {
            f.Refuse("padding", "net10a has zeros, as published; leave this key out");
        }

        if (kind == NetworkKind.Net10a && options.Height != d.Height)
        {
            f.Refuse("height", "net10a is not told heights, as published; leave this key out");
        }

        if (kind == NetworkKind.Net10a && (options.Width, options.Pools, options.Depth) != (d.Width, d.Pools, d.Depth))
        {
            f.Refuse("kind", $"net10a has width {d.Width}, pools {d.Pools} and depth {d.Depth}; leave these keys out");
        }

        if (kind == NetworkKind.Strided && options.Pools != d.Pools)
        {
            f.Refuse("pools", "strided halves twice by strides and has no poolings; leave this key out");
        }

        return options;
    }

    /// <summary>What holds for a kind where keys are absent.</summary>
    private static NetworkOptions Shape(NetworkKind kind, NetworkOptions given) => kind switch
    {
        _ when given.Kind == kind => given,
        NetworkKind.Net10a => NetworkOptions.Net10a(),
        NetworkKind.Strided => NetworkOptions.Strided() with { Height = given.Height },
        _ => new NetworkOptions { Height = given.Height },
    };
}
