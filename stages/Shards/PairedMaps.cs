using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>Two label maps of the same image as they lie in files: encoded bytes, nothing decoded yet.</summary>
/// <param name="Prediction">Encoded map of clusters.</param>
/// <param name="Truth">Encoded map of classes.</param>
public sealed record PairedMaps(Origin Origin, byte[] Prediction, byte[] Truth);
