using InMARS.Pipeline.Configuration;
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
            (f, step) => Collation.Stage(step.Flow, f.Get(
                "mask",
                Decode.OneOf(("none", PixelMask.None), ("labels", PixelMask.Labels)),
                PixelMask.None,
                "labels leaves pixels without a class out of training. That lets labels into it: only to repeat the published COCO-Stuff protocol, whose code does so."))),
    ];
}
