using InMARS.Cli.Execution;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Sweeps;

namespace InMARS.Cli.Sweeps;

/// <summary>What lies in the directory of a planned run.</summary>
/// <param name="Kept">A finished run of this very configuration and program; null where it must be made.</param>
/// <param name="Reason">Why a finished run is made again; null where there is none.</param>
internal sealed record Finding(RunRecord? Kept, string? Reason)
{
    /// <summary>Whether an unfinished run lies there that can go on.</summary>
    public bool GoesOn { get; init; }

    /// <param name="again">Whether even finished runs are made again.</param>
    /// <param name="version">Version of the program; null to keep runs of any.</param>
    public static Finding Of(PlannedRun plan, bool again, string? version) => RunRecord.Read(plan.Directory) switch
    {
        null => new Finding(null, null) { GoesOn = !again && SavedRun.CanGoOn(plan.Directory, plan.Resolved, version ?? RunFacts.Version) },
        _ when again => new Finding(null, "that was asked for"),
        var record => record.Differs(plan, version) is { } difference ? new Finding(null, difference) : new Finding(record, null),
    };

    public override string ToString() => Kept is not null ? "finished" : GoesOn ? "to go on from its last checkpoint" : Reason is null ? "to be run" : $"to be run again, for {Reason}";
}
