using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>A predicted map and the true one of the same sample, both encoded.</summary>
/// <param name="Origin">Where the prediction lies.</param>
public sealed record PairedMaps(Origin Origin, byte[] Prediction, byte[] Truth);
