using InMARS.Pipeline.Modules;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Batching;

/// <summary>The stages of this folder.</summary>
public static class BatchingEntries
{
    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Stage<IReadOnlyList<SuperpixelMap>, ImageBatch>(
            "collate",
            "Puts a list of images of one size into tensors, for a learner.",
            "Emits one batch for each list. Holds nothing back. Fails with batch.mixed_sizes when sizes or bands differ within a list.",
            (_, step) => Collation.Stage(step.Flow)),
    ];
}
