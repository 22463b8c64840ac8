using InMARS.Pipeline.Modules;
using InMARS.Stages;
using InMARS.Stages.Baselines;
using InMARS.Stages.Batching;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Reports;
using InMARS.Stages.Rivals;
using InMARS.Stages.Shards;
using InMARS.Stages.Superpixels;

[assembly: StageModule(typeof(StandardStages))]

namespace InMARS.Stages;

/// <summary>Every stage of this assembly: the table of contents.</summary>
public sealed class StandardStages : IStageModule
{
    public IEnumerable<StageEntry> Entries =>
    [
        .. ShardsEntries.All,
        .. ImagesEntries.All,
        .. SuperpixelsEntries.All,
        .. BatchingEntries.All,
        .. LearningEntries.All,
        .. RivalsEntries.All,
        .. EvaluationEntries.All,
        .. BaselinesEntries.All,
        .. ReportsEntries.All,
    ];
}
