using System.Text.Json.Nodes;
using InMARS.Cli.Sweeps;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;

namespace InMARS.Cli;

/// <summary>What commands have of the world around them.</summary>
/// <param name="Out">Results and progress.</param>
/// <param name="Error">What went wrong, and warnings.</param>
/// <param name="BuiltIn">Modules whose stages run files may use without naming an assembly.</param>
/// <param name="Settle">Makes the machine ready for a run, and tells the facts of both for its manifest.</param>
/// <param name="Interrupt">Cancelled by Ctrl-C and by SIGTERM.</param>
internal sealed record Shell(
    TextWriter Out,
    TextWriter Error,
    IReadOnlyList<IStageModule> BuiltIn,
    Func<RunSettings, JsonObject> Settle,
    TimeProvider Time,
    CancellationToken Interrupt)
{
    /// <summary>Counts tensors that are alive; null where there are none.</summary>
    public Func<long>? NativeValues { get; init; }

    /// <summary>Bytes that are free on the disk of a folder, which need not be there yet.</summary>
    public Func<string, long> FreeSpace { get; init; } = Disk.FreeAt;

    /// <summary>How a sweep makes its runs.</summary>
    public RunStarter StartRun { get; init; } = ChildProcess.OfThisProgram;
}
