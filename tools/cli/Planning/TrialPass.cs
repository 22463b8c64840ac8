using System.Text.Json.Nodes;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;

namespace InMARS.Cli.Planning;

/// <summary>What one flow did in a trial.</summary>
/// <param name="PeakResident">Most memory that the process had meanwhile, in bytes.</param>
/// <param name="Written">What it left in the run directory, by folders within; without checkpoints to resume from.</param>
/// <param name="Cached">Bytes that it left in the cache.</param>
internal sealed record TrialFlow(FlowSummary Summary, int Epochs, long PeakResident, IReadOnlyDictionary<string, FileCount> Written, long Cached)
{
    /// <summary>Items that it read in each epoch.</summary>
    public long ItemsOfEpoch => Summary.Read / Epochs;
}

/// <summary>An item that a trial refused.</summary>
internal sealed record TrialReject(string Flow, string Stage, Origin Origin, string Code, string Message);

/// <summary>One run of a plan that was cut down, in a directory that is thrown away.</summary>
/// <param name="Flows">Those that came to their end, in order.</param>
/// <param name="Error">Why the next one did not; null where all did.</param>
/// <param name="Checkpoint">Bytes of the largest checkpoint to resume from.</param>
internal sealed record TrialPass(IReadOnlyList<TrialFlow> Flows, IReadOnlyList<TrialReject> Rejects, string? Error, long Checkpoint)
{
    private const string Resume = "resume";
    private const string Cache = "cache";

    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    /// <param name="directory">The run directory that messages speak of: that of the run which is planned.</param>
    public static async Task<TrialPass> RunAsync(RunPlan plan, string directory, Shell shell)
    {
        var watch = new Watch(plan);
        var outcome = await Runner.RunAsync(plan, new RunOptions(false, shell.Time, watch), [], shell.Interrupt);
        shell.Interrupt.ThrowIfCancellationRequested();
        var resume = new DirectoryInfo(Path.Combine(outcome.Directory, Resume));
        var checkpoint = resume.Exists ? resume.EnumerateFiles("*.checkpoint").Select(f => f.Length).DefaultIfEmpty(0).Max() : 0;
        return new TrialPass(watch.Flows, Rejected(outcome.Directory, Real), outcome.Error is { } error ? Real(error) : null, checkpoint);

        string Real(string text) => text.Replace(outcome.Directory, directory, StringComparison.Ordinal);
    }

    private static List<TrialReject> Rejected(string directory, Func<string, string> real) =>
    [
        .. File.ReadLines(Path.Combine(directory, "rejects.jsonl")).Select(line => JsonNode.Parse(line)!).Select(r => new TrialReject(
            (string)r["flow"]!, (string)r["stage"]!, new Origin(real((string)r["shard"]!), (string)r["key"]!), (string)r["code"]!, real((string)r["message"]!))),
    ];

    /// <summary>Measures memory and disk from flow to flow.</summary>
    private sealed class Watch(RunPlan plan) : IRunObserver
    {
        private readonly List<TrialFlow> _flows = [];
        private IReadOnlyDictionary<string, FileCount> _there = new Dictionary<string, FileCount>();

        public IReadOnlyList<TrialFlow> Flows => _flows;

        public void FlowStarted(FlowProgress progress) => PeakMemory.Reset();

        public void FlowEnded(FlowSummary summary)
        {
            var there = FileCount.ByFolder(plan.Settings.Directory);
            var added = there.ToDictionary(f => f.Key, f => f.Value - _there.GetValueOrDefault(f.Key, FileCount.None));
            _flows.Add(new TrialFlow(
                summary,
                plan.Flows.Single(f => f.Name == summary.Flow).Epochs,
                PeakMemory.Read(),
                added.Where(f => f.Key is not (Cache or Resume)).ToDictionary(),
                added.GetValueOrDefault(Cache, FileCount.None).Bytes));
            _there = there;
        }

        public void Message(string flow, string kind, string message)
        {
        }

        public void Reported(FlowReport report)
        {
        }
    }
}
