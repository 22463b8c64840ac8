using InMARS.Pipeline.Modules;
using InMARS.Stages;

[assembly: StageModule(typeof(StandardStages))]

namespace InMARS.Stages;

/// <summary>Every stage of this assembly: the table of contents.</summary>
public sealed class StandardStages : IStageModule
{
    public IEnumerable<StageEntry> Entries =>
    [
    ];
}
