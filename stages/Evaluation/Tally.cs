using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;

namespace InMARS.Stages.Evaluation;

/// <summary>What an evaluation has counted so far.</summary>
internal sealed class Tally(EvaluationOptions options)
{
    /// <summary>Cells of the confusion matrix at most, 128 MiB.</summary>
    private const long MostCells = 1 << 24;

    private readonly List<long> _pixels = [];
    private readonly ImageCounter _counter = new();
    private string? _firstKey;

    public EvaluationOptions Options { get; } = options;

    /// <summary>Counts of the images that clusters are assigned to classes on.</summary>
    public ConfusionMatrix Fit { get; } = new(0, options.Classes?.Count ?? 0);

    /// <summary>Counts of the images that are scored.</summary>
    public ConfusionMatrix Counts { get; } = new(0, options.Classes?.Count ?? 0);

    /// <summary>The same, image by image; empty where nothing is drawn from them.</summary>
    public PackedCounts PerImage { get; } = new();

    /// <summary>All images, with and without truth.</summary>
    public long Images { get; private set; }

    /// <summary>Images with truth.</summary>
    public long Known { get; private set; }

    /// <summary>Images with truth that clusters are assigned on.</summary>
    public long Fitted { get; private set; }

    /// <summary>Images with truth that are scored.</summary>
    public long Scored { get; private set; }

    /// <summary>Images with truth that are in neither set.</summary>
    public long LeftOut { get; private set; }

    /// <summary>How predictions and truth came to one size; of the last image that says so.</summary>
    public string? ResizeRule { get; private set; }

    public Occupancy Occupancy => new(_pixels);

    /// <summary>Counts an image as a whole, or returns why it cannot be counted.</summary>
    public Fault? Add(Prediction prediction)
    {
        var room = Room(prediction);
        return room.Fault ?? Options.Split.Of(prediction.Origin).Match(
            sets =>
            {
                Count(prediction, sets, (room.Clusters, room.Classes));
                return null;
            },
            Fault? (fault) => fault);
    }

    /// <summary>Why an image cannot be counted; null where it can.</summary>
    public Fault? Refusal(Prediction prediction) => Room(prediction).Fault ?? Options.Split.Of(prediction.Origin).Match(_ => null, Fault? (fault) => fault);

    /// <summary>Why nothing can be scored where there is truth, for the user; null where all is well.</summary>
    public string? Emptiness() => (Known, Fitted, Scored) switch
    {
        ( > 0, 0, _) => $"no image is in the fit set ({Options.Split.Words}); {Known:N0} images have truth, and the first key is '{_firstKey}'",
        ( > 0, _, 0) => $"no image is in the score set ({Options.Split.Words}); {Known:N0} images have truth, and the first key is '{_firstKey}'",
        _ => null,
    };

    public void Carry(StateArchive state)
    {
        Fit.Carry(state.Within("fit"));
        Counts.Carry(state.Within("counts"));
        PerImage.Carry(state.Within("images"));
        var pixels = state.Numbers<long>("pixels", CollectionsMarshal.AsSpan(_pixels));
        _pixels.Clear();
        _pixels.AddRange(pixels);
        (Images, Known, Fitted, Scored, LeftOut) = state.Value("numbers", (Images, Known, Fitted, Scored, LeftOut));
        (_firstKey, ResizeRule) = state.Value("words", (_firstKey, ResizeRule));
    }

    private void Count(Prediction prediction, SetMembership sets, (int Clusters, int Classes) room)
    {
        Counts.Grow(room.Clusters, room.Classes);
        Fit.Grow(room.Clusters, room.Classes);
        _pixels.AddRange(Enumerable.Repeat(0L, Math.Max(0, room.Clusters - _pixels.Count)));
        foreach (var cluster in prediction.Clusters)
        {
            _pixels[cluster]++;
        }

        if (prediction.Truth is { } truth)
        {
            Count(_counter.Count(prediction.Clusters, truth.Ids, room), sets);
            _firstKey ??= prediction.Origin.Key;
            ResizeRule = prediction.ResizeRule ?? ResizeRule;
            Known++;
        }

        Images++;
    }

    private void Count(ImageCounts image, SetMembership sets)
    {
        if (sets.Fit)
        {
            Fit.Add(image);
            Fitted++;
        }

        if (sets.Score)
        {
            Counts.Add(image);
            Scored++;
        }

        if (sets.Score && Options.Bootstrap > 0)
        {
            PerImage.Add(image);
        }

        LeftOut += sets is { Fit: false, Score: false } ? 1 : 0;
    }

    private (int Clusters, int Classes, Fault? Fault) Room(Prediction prediction)
    {
        if (prediction.Clusters.Length > 0 && prediction.Clusters.Max() >= prediction.ClusterCount)
        {
            return (0, 0, new Fault(
                "evaluate.unknown_cluster",
                $"the prediction has cluster {prediction.Clusters.Max()}, expected ids below its count of {prediction.ClusterCount}"));
        }

        if (prediction.Truth is not { } truth)
        {
            return (prediction.ClusterCount, 0, null);
        }

        var classes = ClassesIn(truth.Ids);
        return (prediction.ClusterCount, classes, SizeFault(prediction, truth) ?? ClassFault(prediction.ClusterCount, classes));
    }

    private static int ClassesIn(ushort[] ids)
    {
        var classes = 0;
        foreach (var id in ids)
        {
            classes = id == LabelMap.Ignore ? classes : Math.Max(classes, id + 1);
        }

        return classes;
    }

    private static Fault? SizeFault(Prediction prediction, LabelMap truth) =>
        (prediction.Height, prediction.Width) == (truth.Height, truth.Width)
            ? null
            : new Fault(
                "evaluate.size",
                $"the prediction has {prediction.Width} x {prediction.Height} pixels, its truth {truth.Width} x {truth.Height}; they must be of one size");

    private Fault? ClassFault(int clusters, int classes)
    {
        if (Options.Classes is { } names && classes > names.Count)
        {
            return new Fault(
                "evaluate.unknown_class",
                $"the truth has class id {classes - 1}, expected 0 to {names.Count - 1} for the {names.Count} named classes, or the ignore id");
        }

        return (long)Math.Max(clusters, _pixels.Count) * Math.Max(classes, Counts.Classes) <= MostCells
            ? null
            : new Fault(
                "evaluate.too_many_ids",
                $"{clusters} clusters by {classes} classes are more than can be counted; are these label maps, and is the ignore id right?");
    }
}
