using System.Text.Json;
using System.Text.Json.Serialization;
using InMARS.Cli.Display;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Execution;

/// <summary>What came of items that were tried again, to be entered into books and quarantine of their run.</summary>
/// <remarks>It lies in the run directory from before the first entry until behind the last: whoever finds it there makes the entries whole.</remarks>
/// <param name="Flows">The flows that refused them.</param>
/// <param name="Again">Names of the flows that run again.</param>
internal sealed record RequeueFindings(IReadOnlyList<TriedFlow> Flows, IReadOnlyList<string> Again)
{
    private static readonly JsonSerializerOptions Exact = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Whether the entries of an earlier process may not be whole.</summary>
    public static bool AreOpen(SavedRun run) => File.Exists(PathIn(run));

    /// <summary>Makes the entries of an earlier process whole, where it was cut short. For whoever holds the lock.</summary>
    /// <exception cref="RunException">A file is damaged, or cannot be written.</exception>
    public static void Complete(SavedRun run, RunPlan plan, Shell shell)
    {
        if (AreOpen(run))
        {
            shell.Error.WriteLine($"inmars: a requeue of '{Plain.OneLine(run.Path)}' was cut short while it wrote books and quarantine; they are made whole first");
            Read(run).Enter(run, plan, shell.Time);
        }
    }

    /// <summary>Writes books and quarantine. For whoever holds the lock.</summary>
    /// <exception cref="RunException">A file is damaged, or cannot be written.</exception>
    public void Write(SavedRun run, RunPlan plan, TimeProvider time)
    {
        AtomicFile.Write(PathIn(run), file => JsonSerializer.Serialize(file, this, Exact));
        Enter(run, plan, time);
    }

    private void Enter(SavedRun run, RunPlan plan, TimeProvider time)
    {
        AmendedBooks.Write(plan, new Amendment([.. Flows.Select(flow => flow.Amended())], Again), time);
        foreach (var flow in Flows)
        {
            var staying = flow.Items.Where(item => item.Stays is not null).ToDictionary(item => item.Name, item => item.Stays!);
            QuarantinedItems.Keep(Path.Combine(run.Path, "quarantine"), flow.Summary.Flow, staying);
        }

        File.Delete(PathIn(run));
    }

    private static RequeueFindings Read(SavedRun run)
    {
        try
        {
            return JsonSerializer.Deserialize<RequeueFindings>(File.ReadAllBytes(PathIn(run)), Exact)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunException($"cannot read '{PathIn(run)}': {e.Message}", e);
        }
    }

    private static string PathIn(SavedRun run) => Path.Combine(run.Path, "resume", "requeue.json");
}

/// <summary>A flow whose rejected items were tried again.</summary>
/// <param name="Summary">With these items in it, as are the reports.</param>
internal sealed record TriedFlow(
    FlowSummary Summary, IReadOnlyList<FlowReport> Reports, IReadOnlyList<TriedItem> Items, IReadOnlyList<AmendedShard> Outputs)
{
    [JsonIgnore]
    public int Passed => Items.Count(item => item.Stays is null);

    public AmendedFlow Amended() => new(Summary, Reports, [.. Items.Select(item => item.Amended())], Outputs);
}

/// <summary>An item of the quarantine that was tried again.</summary>
/// <param name="Name">As it is called in the quarantine.</param>
/// <param name="Stays">What is to be said of it from now on; null where it has passed.</param>
internal sealed record TriedItem(string Name, QuarantineRecord Before, QuarantineRecord? Stays)
{
    public RequeuedItem Amended() => new(
        Before.Flow, Before.Origin, Stays?.Stage ?? "", Stays is null ? null : new Fault(Stays.Code, Stays.Message) { Attempts = Stays.Attempt });
}
