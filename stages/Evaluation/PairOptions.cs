namespace InMARS.Stages.Evaluation;

/// <summary>What to do when a prediction and its truth have different sizes.</summary>
public enum PairResize
{
    /// <summary>Nothing: scoring them is then a fault.</summary>
    None,

    /// <summary>The prediction takes the size of the truth, by nearest neighbour.</summary>
    PredictionToTruth,

    /// <summary>The truth takes the size of the prediction, by nearest neighbour.</summary>
    TruthToPrediction,
}

/// <summary>How pairs of label maps are decoded.</summary>
/// <param name="Ignore">Id in the files of pixels whose truth is unknown; null when there is none.</param>
/// <param name="Classes">Names of the classes, each with the ids of the files that belong to it; null to take the ids as they are.</param>
/// <param name="Strict">True makes an id that is in no class a fault; otherwise such pixels are ignored.</param>
/// <param name="MaxPixels">Largest declared size that is decoded at all, in pixels.</param>
public sealed record PairOptions(
    int? Ignore = 255,
    PairResize Resize = PairResize.None,
    IReadOnlyList<KeyValuePair<string, IReadOnlyList<int>>>? Classes = null,
    bool Strict = false,
    long MaxPixels = 100_000_000);
