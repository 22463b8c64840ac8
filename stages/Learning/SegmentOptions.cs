using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>What gets one cluster.</summary>
public enum Paint
{
    /// <summary>Each superpixel, by the mean of its pixels' scores.</summary>
    Superpixel,

    /// <summary>Each pixel by itself.</summary>
    Pixel,
}

/// <summary>How a model is applied.</summary>
/// <param name="Model">Run directory, checkpoint folder or .safetensors file; none for the model of this run.</param>
/// <param name="Clusters">K that the model must have; none where any will do.</param>
/// <param name="Tile">Longest side that is segmented in one piece, in pixels; longer images are cut into tiles of it.</param>
/// <param name="Overlap">Pixels that neighbouring tiles share, at least; at most half a tile.</param>
public sealed record SegmentOptions(string? Model = null, int? Clusters = null, Paint Paint = Paint.Superpixel, int Tile = 1024, int Overlap = 128)
{
    /// <summary>Which weights of the model: <c>last</c>, <c>label_free</c> as selected.json says, or a file of its folder.</summary>
    public string Checkpoint { get; init; } = "last";

    /// <summary>Path of names and colours of the clusters; null for those beside the model.</summary>
    public string? Legend { get; init; }

    /// <summary>Whether scores are means over the image and its mirror image; takes twice as long.</summary>
    public bool Mirror { get; init; }

    /// <summary>Whether batch normalisation is folded into the convolutions, which then run in code of our own; on the CPU only. Up to rounding the same scores.</summary>
    public bool Fuse { get; init; } = true;

    /// <summary>What is averaged over a superpixel; best what the model was trained with.</summary>
    public PooledQuantity Pooling { get; init; }

    public static SegmentOptions Read(Fields f)
    {
        var d = new SegmentOptions();
        var options = new SegmentOptions(
            f.Optional("model", Decode.Text, "Run directory, checkpoint folder or .safetensors file; the model of this run where absent."),
            f.Get("clusters", Decode.WholeNumber.Between(2, 1024).Or("any"), d.Clusters, "Clusters K that the model must have."),
            f.Get("paint", Decode.OneOf(("superpixel", Paint.Superpixel), ("pixel", Paint.Pixel)), d.Paint, "Whether each superpixel or each pixel gets a cluster."),
            f.Get("tile", Decode.WholeNumber.Between(64, 16384), d.Tile, "Longest side segmented in one piece, in pixels; longer images are cut into tiles."),
            f.Get("overlap", Decode.WholeNumber.Between(0, 8192), d.Overlap, "Pixels that neighbouring tiles share, at least."))
        {
            Checkpoint = f.Get("checkpoint", Decode.Text, d.Checkpoint, "Weights of the model: last, label_free (as checkpoints/selected.json says), or a file of its folder such as step-000100.safetensors."),
            Legend = f.Optional("legend", Decode.Text, "A file as clusters.yaml of a run, with names and colours of the clusters; the one beside the model where absent."),
            Mirror = f.Get("mirror", Decode.YesNo, d.Mirror, "Whether scores are means over the image and its mirror image, left to right; takes twice as long."),
            Fuse = f.Get("fuse", Decode.YesNo, d.Fuse, "Whether, on the CPU, normalisation is folded into the convolutions and these run without torch: the same scores up to rounding, sooner."),
            Pooling = ReadPooling(f),
        };
        if (options.Overlap > options.Tile / 2)
        {
            f.Refuse("overlap", $"expected at most half a tile of {options.Tile}, found {options.Overlap}");
        }

        return options;
    }

    internal static PooledQuantity ReadPooling(Fields f) => f.Get(
        "pooling",
        Decode.OneOf(("logits", PooledQuantity.Logits), ("probabilities", PooledQuantity.Probabilities)),
        PooledQuantity.Logits,
        "What is averaged over a superpixel's pixels; best what the model was trained with.");
}
