using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;

namespace InMARS.Stages.Rivals;

/// <summary>
/// Learners to put in the place of <c>learn.inmars</c>: network, optimiser, batches, checkpoint and evaluation are the
/// same, only what is minimised differs.
/// </summary>
/// <example>
/// One line of a run file makes the rival's run; the flows that predict and evaluate stay as they are.
/// <code>
/// - use: learn.inmars        # or learn.iic, or learn.deepcluster
///   with: { clusters: 3, learning_rate: 0.001, network: { width: 16 } }
/// </code>
/// On the command line: <c>inmars run config.yaml --set flows.train.steps[3].use=learn.iic --set run.name=iic</c>.
/// </example>
public static class RivalsEntries
{
    private const string Iic = "learn.iic";
    private const string DeepCluster = "learn.deepcluster";
    private const string Swap = "To compare it with learn.inmars, change that name in a run file and nothing else: clusters, learning_rate, schedule, ema, gradient_clip, accumulate and network mean the same.";
    private const string Emits =
        "Emits one report for each step, and none for a step whose loss is not finite; at the end of the flow it writes checkpoints/model.safetensors. ";
    private const string Fails = " Fails with learn.bands when images have another number of bands than network.bands, and with learn.too_small. ";

    // As many as the paper has for the three classes of COCO-Stuff-3.
    private static readonly TrainingOptions IicDefaults = TrainingOptions.Recipe with { Overclustering = new OverclusteringOptions(15) };

    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Stage<ImageBatch, TrainingReport>(
            Iic,
            "Trains a segmenter without labels by invariant information clustering (IIC) of pixels, a rival of learn.inmars.",
            Emits + "Holds nothing back." + Fails + Swap,
            (f, step) => LearnIic(TrainingOptions.Read(f, IicDefaults), IicOptions.Read(f), f, step)),
        StageEntry.Stage<ImageBatch, TrainingReport>(
            DeepCluster,
            "Trains a segmenter without labels on k-means clusters of its own features (DeepCluster), a rival of learn.inmars.",
            Emits + "Holds nothing back but copies of the latest batches." + Fails + Swap,
            (f, step) => LearnDeepCluster(TrainingOptions.Read(f, TrainingOptions.Recipe), DeepClusterOptions.Read(f), f, step)),
    ];

    internal static Learner Open(TrainingOptions training, IicOptions options, IStageContext context) =>
        new(training, (network, random, _) => new IicObjective(network, training, options, random), context);

    internal static Learner Open(TrainingOptions training, DeepClusterOptions options, IStageContext context) =>
        new(training, (network, random, _) => new DeepClusterObjective(network, options, random, context), context);

    private static Stage<ImageBatch, TrainingReport> LearnIic(TrainingOptions training, IicOptions options, Fields f, StepContext step)
    {
        if (options.Heads == HeadOrder.AlternateEpochs && training.Overclustering is { Clusters: 0 })
        {
            f.Refuse("heads", "two heads take turns, but overclustering.clusters is 0, which leaves one");
        }
        else if (options.Heads == HeadOrder.AlternateEpochs && step.Epochs % 2 != 0)
        {
            f.Refuse("heads", $"two heads take turns, so the flow needs an even number of epochs, found {step.Epochs}");
        }

        return LearningEntries.Learn(step.Flow, new LearnerOutlook(Iic, training, Heads: 1, IicObjective.Views), context => Open(training, options, context));
    }

    private static Stage<ImageBatch, TrainingReport> LearnDeepCluster(
        TrainingOptions training, DeepClusterOptions options, Fields f, StepContext step)
    {
        if (training.Overclustering is { Clusters: > 0 and var clusters })
        {
            f.Refuse("overclustering", $"{DeepCluster} trains one head: expected clusters: 0, found {clusters}");
        }

        return LearningEntries.Learn(step.Flow, new LearnerOutlook(DeepCluster, training, Heads: 1, new StepLoad(Passes: 1, Step: 1)), context => Open(training, options, context));
    }
}
