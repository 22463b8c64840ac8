using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;

namespace InMARS.Stages.Learning;

/// <summary>The stages of this folder.</summary>
public static class LearningEntries
{
    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Stage<ImageBatch, TrainingReport>(
            LearningReport.Kind,
            "Trains a segmenter without labels: mutual information of superpixels, with adversarial regularisation of noise and place.",
            "Emits one report for each batch, and none for a step whose loss is not finite; at the end of the flow it writes checkpoints/model.safetensors. "
            + "Holds nothing back. Fails with learn.bands when images have another number of bands than network.bands.",
            (fields, step) => Learn(LearnerOptions.Read(fields), step.Flow)),
    ];

    /// <summary>The stage <c>learn.inmars</c>.</summary>
    public static Stage<ImageBatch, TrainingReport> Learn(LearnerOptions options, FlowOptions flow) => Stage.Fold<Learner, ImageBatch, TrainingReport>(
        LearningReport.Kind,
        flow,
        context => new Learner(options, context),
        (learner, batch, item) => learner.Step(batch, item),
        learner =>
        {
            learner.Finish();
            return [];
        });
}
