using System.Globalization;
using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Reports;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Execution;

/// <summary>A run, within the directory of another one, over the items in quarantine of flows that write label maps; the maps are added to those of that run.</summary>
internal sealed class RequeueTrial(Shell shell, SavedRun saved, IReadOnlyList<QuarantinedFlow> flows, RequeueRequest request)
{
    private string Quarantine => Path.Combine(saved.Path, "quarantine");

    /// <summary>The plan with the quarantine for the sources of these flows, and without the others.</summary>
    public Validated<RunPlan> Plan() => saved
        .Current(shell.BuiltIn, [.. request.Overrides, .. flows.SelectMany(f => Sources(f.Flow.Name))])
        .Map(changed => changed with
        {
            Source = null,
            Flows = [.. changed.Flows.Where(flow => flows.Any(f => f.Flow.Name == flow.Name))],
            Settings = changed.Settings with { Output = saved.Path, Name = NextName(), ModelsFrom = saved.Path, Rejects = new RejectPolicy() },
        });

    /// <returns>What came of it; null where it did not come to its end, and then nothing was added.</returns>
    /// <exception cref="RunException">A file is damaged or cannot be written.</exception>
    public async Task<(int Code, IReadOnlyList<TriedFlow>? Tried)> RunAsync(RunPlan plan)
    {
        RunOutcome? outcome = null;
        var code = await RunExecution.ExecuteAsync(shell, plan, request.Quiet, async (options, facts) =>
            outcome = await Runner.RunAsync(plan, options, facts, shell.Interrupt) with { CanResume = false });
        return (code, outcome is { End: RunEnd.Clean or RunEnd.WithRejects } ? [.. flows.Select(flow => Merged(flow, outcome, plan.Settings.Name))] : null);
    }

    private IEnumerable<string> Sources(string flow) =>
    [
        $"flows.{flow}.epochs=1",
        $"flows.{flow}.source={{ use: shard.read, with: {{ path: [{string.Join(", ", ShardQuarantine.Tars(Quarantine, flow).Select(Yaml.Quote))}] }} }}",
    ];

    private string NextName() => Enumerable.Range(1, int.MaxValue)
        .Select(n => string.Create(CultureInfo.InvariantCulture, $"requeue-{n:D3}"))
        .First(name => !Path.Exists(Path.Combine(saved.Path, name)));

    private TriedFlow Merged(QuarantinedFlow flow, RunOutcome outcome, string by)
    {
        var name = flow.Flow.Name;
        var refused = QuarantinedItems.Read(Path.Combine(outcome.Directory, "quarantine"), name).Values.ToLookup(r => r.Key);
        var outputs = outcome.Reports.Where(r => r.Flow == name).Select(r => LabelOutput.Of(r.Report)).OfType<LabelOutput>().ToList();
        var merged = outputs.ConvertAll(output => Merge(flow, outcome.Directory, output));
        List<TriedItem> tried = [.. flow.Items.Select(i => new TriedItem(
            i.Key, i.Value, Judge(i.Value, refused[i.Key].FirstOrDefault(), [.. merged.Select(m => m.GetValueOrDefault(i.Key, Missing)).DefaultIfEmpty(Missing)])))];

        var passed = tried.Where(item => item.Stays is null).ToList();
        var before = saved.Summary(name);
        return new TriedFlow(
            before with { Rejected = before.Rejected - passed.Count, Late = [.. before.Late, new LateItems(by, tried.Count, passed.Count)] },
            [.. saved.Reports(name).Select(report => report with { Report = LabelOutput.WithLate(report.Report, passed.Count) })],
            tried,
            [.. from output in outputs where output.Place == LabelPlace.Shards
                from shard in passed.Select(item => item.Before.Shard).Distinct()
                select new AmendedShard(shard, LabelMerge.ShardOf(Path.Combine(saved.Path, output.Folder), shard))]);
    }

    private IReadOnlyDictionary<string, Fault?> Merge(QuarantinedFlow flow, string from, LabelOutput output)
    {
        var labels = flow.Items.Select(i => new LateLabel(i.Key, i.Value.Origin, i.Value.Code.EndsWith(".duplicate_key", StringComparison.Ordinal))).ToList();
        return LabelMerge.Merge(Path.Combine(from, output.Folder), Path.Combine(saved.Path, output.Folder), output.Place, labels, flow.Flow.Graph.Inputs);
    }

    private static Fault Missing { get; } = new("requeue.missing", "no label map came of it; expected one");

    /// <summary>What is to be said of an item that stays; null where it has passed.</summary>
    private static QuarantineRecord? Judge(QuarantineRecord before, QuarantineRecord? refused, IReadOnlyList<Fault?> merged) => refused switch
    {
        // Files of it are missing, and that is what is wrong, not what a stage says of the others.
        { } when before.Note is not null => before with { Attempt = before.Attempt + refused.Attempt },
        { } => before with { Stage = refused.Stage, Code = refused.Code, Message = refused.Message, Attempt = before.Attempt + refused.Attempt },
        null => merged.OfType<Fault>().FirstOrDefault() is { } fault
            ? before with { Stage = QuarantinedFlow.WritesMaps, Code = fault.Code, Message = fault.Message, Attempt = before.Attempt + 1 }
            : null,
    };
}
