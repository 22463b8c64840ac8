using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Sweeps;

namespace InMARS.Pipeline.Runs;

/// <summary>A run directory that some process has left: what it was made with, and how far it came.</summary>
public sealed class SavedRun
{
    private readonly string _resolved;
    private readonly JsonObject _manifest;

    private SavedRun(string path, string resolved, JsonObject manifest) => (Path, _resolved, _manifest) = (path, resolved, manifest);

    /// <summary>Full path of the run directory.</summary>
    public string Path { get; }

    /// <summary>The directory that relative paths of its run file start at; null where it is not known.</summary>
    public string? StartedIn => (string?)_manifest["directory"];

    /// <summary>Reads the files that a run directory has from its first moment on.</summary>
    /// <exception cref="RunException">There is no run, or it is damaged.</exception>
    public static SavedRun Open(string path)
    {
        var directory = RunDirectory.Open(System.IO.Path.GetFullPath(path));
        try
        {
            var manifest = JsonNode.Parse(File.ReadAllText(directory.File(Manifest.FileName)))?.AsObject() ?? throw new JsonException("the manifest is empty");
            return new SavedRun(directory.Path, File.ReadAllText(directory.File(RunDirectory.Mark)), manifest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new RunException($"cannot read the run in '{path}': {e.Message}", e);
        }
    }

    /// <summary>Whether an unfinished run of this very configuration and program lies there, with a checkpoint to go on from.</summary>
    public static bool CanGoOn(string path, string resolved, string version)
    {
        try
        {
            return Checkpoints.AreThere(path) && Open(path) is var run && run._resolved == resolved && (string?)run._manifest["inmars"] == version;
        }
        catch (RunException)
        {
            // Damaged: as good as no run.
            return false;
        }
    }

    /// <summary>The plan as it was when the run began, in the directory where the run lies now.</summary>
    public Validated<RunPlan> Frozen(IReadOnlyList<IStageModule> builtIn) => Frozen(builtIn, []);

    /// <summary>The plan as its run file has it now; the frozen one where it did not come from a file.</summary>
    /// <param name="further">Overrides besides those that it was begun with.</param>
    public Validated<RunPlan> Current(IReadOnlyList<IStageModule> builtIn, params IReadOnlyList<string> further) => (string?)_manifest["run_file"] is { } file
        ? RunFile.Read(file, [.. _manifest["overrides"]?.AsArray().Select(o => (string)o!) ?? [], .. further], builtIn).Map(At)
        : Frozen(builtIn, further);

    /// <summary>What is not as it was when the run began, a sentence each.</summary>
    /// <param name="version">Of the program that is to go on with it.</param>
    public IReadOnlyList<string> Differences(RunPlan current, string version) =>
    [
        .. (string?)_manifest["inmars"] is { } before && before != version ? new[] { $"the program was {before}, and is {version} now" } : [],
        .. LineDifferences.Of(_resolved, current.Resolved).Select(difference => $"the run file {difference}"),
        .. InputDifferences(current),
    ];

    /// <summary>Of the flow under way: what has ended is not read again, and what has not begun may read what is there.</summary>
    private IEnumerable<string> InputDifferences(RunPlan current)
    {
        if (Latest(_ => { })?.Flow is not { } state || current.Flows.FirstOrDefault(f => f.Name == state.Flow) is not { } flow || !LedgerReader.IsThere(Path))
        {
            return [];
        }

        using var ledger = LedgerReader.Open(Path);
        var before = ledger.Inputs(flow.Name);
        return [.. InputFiles.Differences(before, InputFiles.Of(flow.Graph, before))];
    }

    /// <summary>Whether all flows have ended and what they gave is told.</summary>
    public bool IsFinished(RunPlan plan) => RunRecord.Read(Path) is not null && Latest(_ => { }) is { } state && plan.Flows.All(flow => state.Done.Contains(flow.Name));

    /// <summary>Names of the flows that have ended.</summary>
    public IReadOnlyList<string> Done() => Latest(_ => { })?.Done ?? [];

    /// <summary>What a flow did that has ended.</summary>
    /// <exception cref="RunException">It has not, or its file is damaged.</exception>
    public FlowSummary Summary(string flow) => FlowFile.Read(RunDirectory.Open(Path), flow);

    /// <summary>What the stages of a flow have told of it.</summary>
    /// <exception cref="RunException">No checkpoint is whole.</exception>
    public IReadOnlyList<FlowReport> Reports(string flow) => [.. (Latest(_ => { })?.Reports ?? []).Where(report => report.Flow == flow)];

    /// <summary>For each flow, its epochs and its files, whether they will be used again or done again, and why.</summary>
    /// <param name="warn">Told of checkpoints that are damaged.</param>
    public IReadOnlyList<FlowFate> Explain(RunPlan plan, Action<string> warn)
    {
        var state = Latest(warn);
        using var ledger = LedgerReader.IsThere(Path) ? LedgerReader.Open(Path) : null;
        return [.. plan.Flows.Select(new FlowFates(Path, state, ledger).Of)];
    }

    private Validated<RunPlan> Frozen(IReadOnlyList<IStageModule> builtIn, IReadOnlyList<string> further) =>
        RunFile.Parse(_resolved, System.IO.Path.Combine(Path, RunDirectory.Mark), further, builtIn).Map(At);

    private SavedState? Latest(Action<string> warn) => Checkpoints.Latest(Path, warn)?.State;

    private RunPlan At(RunPlan plan)
    {
        var there = System.IO.Path.GetFullPath(plan.Settings.Directory) == Path;
        return there ? plan : plan with
        {
            Settings = plan.Settings with { Output = System.IO.Path.GetDirectoryName(Path)!, Name = System.IO.Path.GetFileName(Path) },
        };
    }
}
