using System.Globalization;
using InMARS.Cli.Display;
using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Reports;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Execution;

/// <summary>A run over the quarantine of another one, whose outputs and books then have what has passed.</summary>
internal sealed class Requeue(Shell shell, SavedRun saved, RunPlan plan, RequeueRequest request)
{
    private const string WritesMaps = "write.labels";
    private string Quarantine => Path.Combine(saved.Path, "quarantine");

    /// <returns>The exit code: 0 when the quarantine is empty.</returns>
    /// <exception cref="RunException">A file is damaged or cannot be written.</exception>
    public Task<int> RunAsync()
    {
        var flows = plan.Flows.Select(flow => new QuarantinedFlow(flow, QuarantinedItems.Read(Quarantine, flow.Name))).Where(f => f.Items.Count > 0).ToList();
        var again = flows.Where(f => f.Flow.Graph.StageNames.Contains(WritesMaps)).ToList();
        foreach (var flow in flows.Except(again))
        {
            Say($"{flow.Flow.Name}: {Plain.Count(flow.Items.Count, "item")} in quarantine, left there: the flow writes no label maps to add to; only another run of it learns or counts them");
        }

        return (flows, again) switch
        {
            ([], _) => Task.FromResult(Nothing()),
            (_, []) => Task.FromResult(ExitCodes.Rejects),
            _ => Again(again).Match(part => RunAsync(part, again), errors => Task.FromResult(RunExecution.Refuse(shell, errors))),
        };
    }

    private int Nothing()
    {
        Say($"Nothing lies in the quarantine of '{saved.Path}'.");
        return ExitCodes.Clean;
    }

    /// <summary>The plan with the quarantine for the sources of these flows, and without the others.</summary>
    private Validated<RunPlan> Again(IReadOnlyList<QuarantinedFlow> flows) => saved
        .Current(shell.BuiltIn, [.. request.Overrides, .. flows.SelectMany(f => Sources(f.Flow.Name))])
        .Map(changed => changed with
        {
            Source = null,
            Flows = [.. changed.Flows.Where(flow => flows.Any(f => f.Flow.Name == flow.Name))],
            Settings = changed.Settings with { Output = saved.Path, Name = NextName(), ModelsFrom = saved.Path, Rejects = new RejectPolicy() },
        });

    private IEnumerable<string> Sources(string flow) =>
    [
        $"flows.{flow}.epochs=1",
        $"flows.{flow}.source={{ use: shard.read, with: {{ path: [{string.Join(", ", ShardQuarantine.Tars(Quarantine, flow).Select(Yaml.Quote))}] }} }}",
    ];

    private string NextName() => Enumerable.Range(1, int.MaxValue)
        .Select(n => string.Create(CultureInfo.InvariantCulture, $"requeue-{n:D3}"))
        .First(name => !Path.Exists(Path.Combine(saved.Path, name)));

    private async Task<int> RunAsync(RunPlan part, IReadOnlyList<QuarantinedFlow> flows)
    {
        RunOutcome? outcome = null;
        var code = await RunExecution.ExecuteAsync(shell, part, request.Quiet, async (options, facts) =>
            outcome = await Runner.RunAsync(part, options, facts, shell.Interrupt) with { CanResume = false });
        if (outcome is not { End: RunEnd.Clean or RunEnd.WithRejects })
        {
            shell.Error.WriteLine($"inmars: nothing of it was added to '{saved.Path}'");
            return code;
        }

        var tried = flows.Select(flow => Merge(flow, outcome)).ToList();
        AmendedBooks.Write(saved.Path, part.Settings.Name, [.. tried.SelectMany(t => t.Tried)]);
        tried.ForEach(Tell);
        return plan.Flows.Any(flow => ShardQuarantine.Tars(Quarantine, flow.Name).Count > 0) ? ExitCodes.Rejects : ExitCodes.Clean;
    }

    private TriedFlow Merge(QuarantinedFlow flow, RunOutcome outcome)
    {
        var name = flow.Flow.Name;
        var refused = QuarantinedItems.Read(Path.Combine(outcome.Directory, "quarantine"), name).Values.ToLookup(r => r.Key);
        var labels = flow.Items.Select(i => new LateLabel(i.Key, i.Value.Origin, i.Value.Code.EndsWith(".duplicate_key", StringComparison.Ordinal))).ToList();
        var merged = outcome.Reports.Where(r => r.Flow == name).Select(r => LabelOutput.Of(r.Report)).OfType<LabelOutput>()
            .Select(o => LabelMerge.Merge(Path.Combine(outcome.Directory, o.Folder), Path.Combine(saved.Path, o.Folder), o.Place, labels, flow.Flow.Graph.Inputs))
            .ToList();
        var tried = flow.Items.ToDictionary(i => i.Key, i => Judge(i.Value, refused[i.Key].FirstOrDefault(), [.. merged.Select(m => m.GetValueOrDefault(i.Key, Missing)).DefaultIfEmpty(Missing)]));
        QuarantinedItems.Keep(Quarantine, name, tried.Where(t => t.Value is not null).ToDictionary(t => t.Key, t => t.Value!));
        return new TriedFlow(name, [.. flow.Items.Select(i => Item(i.Value, tried[i.Key]))]);
    }

    private static Fault Missing { get; } = new("requeue.missing", "no label map came of it; expected one");

    /// <summary>What is to be said of an item that stays; null where it has passed.</summary>
    private static QuarantineRecord? Judge(QuarantineRecord before, QuarantineRecord? refused, IReadOnlyList<Fault?> merged) => refused switch
    {
        // Files of it are missing, and that is what is wrong, not what a stage says of the others.
        { } when before.Note is not null => before with { Attempt = before.Attempt + refused.Attempt },
        { } => before with { Stage = refused.Stage, Code = refused.Code, Message = refused.Message, Attempt = before.Attempt + refused.Attempt },
        null => merged.OfType<Fault>().FirstOrDefault() is { } fault
            ? before with { Stage = WritesMaps, Code = fault.Code, Message = fault.Message, Attempt = before.Attempt + 1 }
            : null,
    };

    private static RequeuedItem Item(QuarantineRecord before, QuarantineRecord? stays) => new(
        before.Flow, before.Origin, stays?.Stage ?? "", stays is null ? null : new Fault(stays.Code, stays.Message) { Attempts = stays.Attempt });

    private void Tell(TriedFlow flow)
    {
        var passed = flow.Tried.Count(t => t.Fault is null);
        Say($"{flow.Name}: {passed} of {Plain.Count(flow.Tried.Count, "item")} have passed and are in the outputs; {flow.Tried.Count - passed} left in quarantine");
        if (passed > 0 && plan.Flows[^1].Name != flow.Name)
        {
            Say($"{flow.Name}: the flows behind it are as they were; what they count changes when they are run again");
        }
    }

    private void Say(string text)
    {
        if (!request.Quiet)
        {
            shell.Out.WriteLine(text);
        }
    }

    private sealed record QuarantinedFlow(Pipeline.Graphs.FlowPlan Flow, IReadOnlyDictionary<string, QuarantineRecord> Items);

    private sealed record TriedFlow(string Name, IReadOnlyList<RequeuedItem> Tried);
}
