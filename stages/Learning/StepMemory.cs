using System.Globalization;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Learning;

/// <summary>What a step of training takes of memory, estimated from the shapes of the layers before it is made.</summary>
/// <remarks>
/// A pass that is worked backward keeps of each layer its padded input and what convolution, normalisation and rectifier
/// made of it, until the view it belongs to is done; of a pooling its values and their places. On the way back come the
/// gradients of one layer at a time, and copies in the order that the convolutions of the CPU want. Beside that are the
/// images, where they are looked up, and the answers at the places that are read. Meant to be too small rather than too
/// large: of six steps measured on the CPU, by how RSS grew, it told 0.5 to 0.9.
/// </remarks>
/// <param name="Network">Shape of the network.</param>
/// <param name="Clusters">Clusters of all its heads.</param>
/// <param name="Numbers">Numbers of the network.</param>
/// <param name="Copies">As many numbers again that a checkpoint holds: the network's own, the moments and the averages.</param>
internal sealed record StepMemory(NetworkOptions Network, long Clusters, long Numbers, int Copies, StepLoad Load)
{
    private const int BytesEach = 4;
    private const int PlacesEach = 2; // of a pooling, in 64 bits
    private const int GridsOfPixel = 8; // there and back, across and down, with what they are made of
    private const int CopiesOfImage = 8;
    private const int CopiesOfAnswer = 6;
    private const int Adam = 2;

    /// <param name="heads">Heads of K clusters.</param>
    public static StepMemory Of(TrainingOptions options, int heads, StepLoad load) => new(
        options.Network,
        (heads * (long)options.Clusters) + options.Overclustering.Clusters,
        options.Network.Numbers(heads * options.Clusters) + options.Network.OfHead(options.Overclustering.Clusters),
        1 + Adam + (options.Ema > 0 ? 1 : 0),
        load);

    /// <summary>Bytes of a model.</summary>
    public long ModelBytes => BytesEach * Numbers;

    /// <summary>Bytes of all that a checkpoint holds of weights.</summary>
    public long StateBytes => ModelBytes * Copies;

    /// <summary>Kept for as long as the training lasts: gradients, and twice what a checkpoint holds, of which there is a copy to go back to.</summary>
    private long Weights => Numbers * (1 + (2 * Copies));

    /// <summary>Bytes of a step.</summary>
    /// <param name="images">N.</param>
    public long Bytes(long images, long height, long width) => BytesEach * (Weights + (images * OfImage(height, width)));

    /// <summary>The largest batch that takes no more than <paramref name="bytes"/>; 0 where no image does.</summary>
    public long Most(long bytes, long height, long width) => Math.Max(0, ((bytes / BytesEach) - Weights) / OfImage(height, width));

    /// <summary>Why there is not the memory for a batch, as the end of a sentence; null where there may be.</summary>
    /// <param name="images">N.</param>
    public string? Refusal(long images, Extent image, MemoryLimit limit)
    {
        var (bytes, most) = (Bytes(images, image.Height, image.Width), Most(limit.Bytes, image.Height, image.Width));
        return bytes <= limit.Bytes ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"needs about {Mebibytes(bytes)} for a step of {images} images of {image.Width}x{image.Height} pixels, but this process may use {Mebibytes(limit.Bytes)} ({limit.Origin}); {Advice(most)}");
    }

    private static string Advice(long most) => most == 0
        ? "not even one such image fits: make images smaller (image.crop or image.resize), or the network (network.width, network.depth)"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{most} such images would fit: set size of the step 'batch' to {most} or less, with accumulate for steps of as many images as before, or make images smaller (image.crop or image.resize)");

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");

    /// <summary>Numbers that one image adds.</summary>
    private long OfImage(long height, long width)
    {
        var layers = Network.Layers;
        var kept = 0L;
        var back = 0L;
        for (var i = 0; i < layers.Count; i++)
        {
            var (into, from) = (Cells(layers[i].Level, height, width), Cells(layers[i].Level + layers[i].Stride - 1, height, width));
            var (inputs, outputs) = (layers[i].Inputs * into, layers[i].Outputs * from);
            var pooled = i > 0 && layers[i].Level >= layers[i - 1].Level + layers[i - 1].Stride;
            kept += inputs + (3 * outputs) + (pooled ? (1 + PlacesEach) * inputs : 0);
            back = Math.Max(back, 2 * (inputs + outputs));
        }

        var (pixels, cells) = (height * width, Cells(layers[^1].Level, height, width));
        var answers = Clusters * ((2 * cells) + (CopiesOfAnswer * pixels / (Load.Step * Load.Step)));
        return (Load.Passes * (kept + answers)) + back + (((CopiesOfImage * Network.Inputs) + GridsOfPixel) * pixels);
    }

    private static long Cells(int level, long height, long width) => Halved(height, level) * Halved(width, level);

    private static long Halved(long side, int level) => (side + (1L << level) - 1) >> level;
}
