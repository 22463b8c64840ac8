using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>The books of a run that has ended, when rejected items of it were tried again.</summary>
public static class AmendedBooks
{
    private static readonly JsonSerializerOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes them: what each flow did, <c>rejects.jsonl</c>, a checkpoint and the ledger. Where flows run again, the run stands before
    /// them on return, to be gone on with, and has its results of before until they have ended; otherwise these are written too.
    /// </summary>
    /// <remarks>Each file is seen as it was, or as it is then. What was cut short is made whole by the same call once more. For whoever holds the lock.</remarks>
    /// <param name="plan">Of the whole run.</param>
    /// <exception cref="RunException">A file cannot be read or written, or the run has not ended.</exception>
    public static void Write(RunPlan plan, Amendment amendment, TimeProvider time)
    {
        var directory = RunDirectory.Open(plan.Settings.Directory);
        var before = Checkpoints.Latest(directory.Path, _ => { })?.State ?? throw new RunException($"'{directory.Path}' has no checkpoint, so its books cannot be amended");
        var rejects = Rejects(directory, amendment);
        directory.Write("rejects.jsonl", Text(rejects));
        amendment.Flows.ToList().ForEach(flow => FlowFile.Write(directory, flow.Summary));

        var state = Amended(before, amendment, rejects);
        using (var checkpoints = new Checkpoints(directory, plan.Settings with { KeepCheckpoints = 1 }, time, null))
        using (var ledger = new AmendedLedger(directory.Path, time))
        {
            ledger.Write(amendment, rejects);
            ledger.Write(checkpoints.Write(state), state.Done.LastOrDefault(plan.Flows[0].Name));
        }

        if (plan.Flows.All(flow => state.Done.Contains(flow.Name)))
        {
            WriteResults(plan, directory, state);
        }
    }

    private static void WriteResults(RunPlan plan, RunDirectory directory, SavedState state)
    {
        var flows = state.Done.Select(flow => FlowFile.Read(directory, flow)).ToList();
        var end = state.Rejected > 0 ? RunEnd.WithRejects : RunEnd.Clean;
        var outcome = new RunOutcome(end, directory.Path, flows, state.Reports, state.Rejected).InOrderOf(plan);
        directory.Write("metrics.json", Metrics.Json(outcome));
        directory.Write("summary.md", Summary.Markdown(plan, outcome));
    }

    private static SavedState Amended(SavedState before, Amendment amendment, List<JsonObject> rejects)
    {
        var done = before.Done.Except(amendment.Again).ToList();
        var known = amendment.Flows.ToDictionary(flow => flow.Summary.Flow, flow => flow.Reports);
        var reports = done.SelectMany(flow => known.GetValueOrDefault(flow) ?? before.Reports.Where(report => report.Flow == flow));
        return new SavedState(done, [.. reports], rejects.Count, Encoding.UTF8.GetByteCount(Text(rejects)), null);
    }

    /// <summary>Lines of items that have passed go, and those of flows that run again; those of the others say what was wrong last.</summary>
    private static List<JsonObject> Rejects(RunDirectory directory, Amendment amendment)
    {
        var tried = amendment.Flows.SelectMany(flow => flow.Items).ToLookup(i => (i.Flow, i.Origin.Shard, i.Origin.Key));
        try
        {
            return
            [
                .. directory.Text("rejects.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonNode.Parse(line)!.AsObject())
                    .Where(reject => !amendment.Again.Contains((string)reject["flow"]!))
                    .Select(reject => Told(reject, [.. tried[((string)reject["flow"]!, (string)reject["shard"]!, (string)reject["key"]!)]]))
                    .OfType<JsonObject>(),
            ];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RunException($"'{directory.File("rejects.jsonl")}' is damaged: {e.Message}", e);
        }
    }

    private static JsonObject? Told(JsonObject reject, List<RequeuedItem> same) => same.Count == 0 ? reject
        : same.Find(item => item.Fault is not null) is { Fault: { } fault } failed ? Again(reject, failed.Stage, fault)
        : null;

    private static JsonObject Again(JsonObject reject, string stage, Fault fault)
    {
        (reject["stage"], reject["code"], reject["message"], reject["attempt"]) = (stage, fault.Code, fault.Message, fault.Attempts);
        return reject;
    }

    private static string Text(IEnumerable<JsonObject> rejects) => string.Concat(rejects.Select(reject => reject.ToJsonString(Line) + "\n"));
}
