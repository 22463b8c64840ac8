using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>Keeps what a flow refused, as it came. Called by one thread at a time, at borders of the flow and at its end.</summary>
/// <remarks>Its state goes into the checkpoints of the run, so a run that goes on has each item once.</remarks>
public interface IQuarantine : IResumable, IDisposable
{
    /// <summary>Takes a rejected item, unless it has it. Items come in the order of the source.</summary>
    /// <exception cref="Outcomes.RunException">The disk is full or the folder is not writable.</exception>
    void Add(Reject reject);

    /// <summary>Gives everything its name. The flow has ended, or has been stopped and may go on some day.</summary>
    /// <exception cref="Outcomes.RunException">The disk is full or the folder is not writable.</exception>
    void Commit();
}

/// <summary>Opens the quarantine of a flow.</summary>
/// <param name="folder">Folder of all quarantines of the run.</param>
/// <param name="from">What an earlier process left in a checkpoint; null where the flow begins, and then what lies there of it goes.</param>
public delegate IQuarantine OpenQuarantine(string folder, string flow, StateArchive? from);
