using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Learning;

/// <summary>The stages of this folder.</summary>
public static class LearningEntries
{
    private const string Inmars = "learn.inmars";
    private const int MostImages = 4096;

    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Stage<ImageBatch, TrainingReport>(
            Inmars,
            "Trains a segmenter without labels: mutual information of superpixels, with adversarial regularisation of noise and place.",
            "Emits one report for each step, and none for a step whose loss is not finite; at the end of the flow it writes checkpoints/model.safetensors. "
            + "Holds nothing back. Fails with learn.bands when images have another number of bands than network.bands, and with learn.too_small.",
            (fields, step) => Learn(LearnerOptions.Read(fields), step.Flow)),
        StageEntry.Stage<IReadOnlyList<SuperpixelMap>, Prediction>(
            "segment",
            "Applies a trained model; images larger than a tile go through it in overlapping pieces.",
            "Emits one prediction for each image of a list. Holds nothing back. Fails with segment.bands when an image has another number of bands than the model, and with segment.too_small or segment.too_large where net10a cannot take it.",
            (fields, step) => Segment(SegmentOptions.Read(fields), step.Flow)),
    ];

    /// <summary>The stage <c>learn.inmars</c>.</summary>
    public static Stage<ImageBatch, TrainingReport> Learn(LearnerOptions options, FlowOptions flow) => Learn(
        flow, new LearnerOutlook(Inmars, options.Training, options.Objective.Heads, InmarsObjective.LoadOf(options.Objective)), context => Open(options, context));

    /// <summary>A learner of <c>learn.inmars</c>; the caller owns it.</summary>
    internal static Learner Open(LearnerOptions options, IStageContext context) =>
        new(options.Training, (network, random, again) => new InmarsObjective(network, again ? options.Again() : options, random), context, options.Objective.Heads);

    /// <summary>A stage that trains, whatever its objective.</summary>
    /// <param name="outlook">What is known of it before it learns.</param>
    internal static Stage<ImageBatch, TrainingReport> Learn(FlowOptions flow, LearnerOutlook outlook, Func<IStageContext, Learner> open) =>
        Stage.Fold<Learner, ImageBatch, TrainingReport>(
            outlook.Stage,
            flow,
            open,
            (learner, batch, item) => learner.Step(batch, item),
            learner => learner.Finish()) with
        { Borrows = true, Foresee = outlook.Behind };

    /// <summary>The stage <c>segment</c>.</summary>
    public static Stage<IReadOnlyList<SuperpixelMap>, Prediction> Segment(SegmentOptions options, FlowOptions flow) =>
        Stage.Fold<Segmentation, IReadOnlyList<SuperpixelMap>, Prediction>(
            "segment",
            flow,
            context => new Segmentation(options, context),
            (model, items, _) => model.Segment(items),
            model =>
            {
                model.Finish();
                return [];
            },
            most: MostImages) with
        { Borrows = true, Foresee = outlook => outlook with { Gathered = 1 } };
}
