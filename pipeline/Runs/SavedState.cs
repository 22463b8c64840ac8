using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>A run at a border: what a checkpoint holds. It has no times in it, so equal runs have equal checkpoints.</summary>
/// <param name="Done">The flows that have ended, in order.</param>
/// <param name="Reports">What stages have reported so far.</param>
/// <param name="Rejected">Rejected items so far.</param>
/// <param name="RejectsBytes">Bytes of rejects.jsonl that belong to it.</param>
/// <param name="Flow">The flow under way; null between two flows.</param>
internal sealed record SavedState(
    IReadOnlyList<string> Done, IReadOnlyList<FlowReport> Reports, long Rejected, long RejectsBytes, FlowState? Flow)
{
    private const string Head = "run.json";
    private const string States = "flow/";
    private const string Rejects = "quarantine/";
    private static readonly JsonSerializerOptions Exact = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>State of the quarantine of the flow under way.</summary>
    public IReadOnlyDictionary<string, byte[]> Quarantine { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>What only ever grows of that state, where it is not among the entries.</summary>
    public IReadOnlyDictionary<string, GrowingEntry> GrowingQuarantine { get; init; } = new Dictionary<string, GrowingEntry>();

    /// <summary>How much of the journal belongs to it; null between two flows.</summary>
    public JournalMark? Journal { get; init; }

    /// <summary>What goes into the journal of the flow.</summary>
    public IReadOnlyDictionary<string, GrowingEntry> Growing => (Flow?.Growing ?? new Dictionary<string, GrowingEntry>())
        .Select(g => KeyValuePair.Create(States + g.Key, g.Value))
        .Concat(GrowingQuarantine.Select(g => KeyValuePair.Create(Rejects + g.Key, g.Value)))
        .ToDictionary();

    /// <summary>In words, for messages.</summary>
    public string Place => Flow is { } flow
        ? string.Create(CultureInfo.InvariantCulture, $"flow '{flow.Flow}', epoch {flow.Next.Epoch + 1}, item {flow.Next.Position}")
        : Done.Count == 0 ? "the beginning" : $"the end of flow '{Done[^1]}'";

    /// <summary>What goes into the checkpoint's own file.</summary>
    public IReadOnlyDictionary<string, byte[]> Entries()
    {
        var head = new RunHead([.. Done], [.. Reports], Rejected, RejectsBytes, Flow?.Flow, Flow?.Next.Epoch ?? 0, Flow?.Next.Position ?? 0, Journal);
        var entries = new Dictionary<string, byte[]> { [Head] = JsonSerializer.SerializeToUtf8Bytes(head, Exact) };
        foreach (var (name, bytes) in Flow?.Entries ?? new Dictionary<string, byte[]>())
        {
            entries[States + name] = bytes;
        }

        foreach (var (name, bytes) in Quarantine)
        {
            entries[Rejects + name] = bytes;
        }

        return entries;
    }

    /// <param name="path">The file they come from, beside which the journal lies.</param>
    /// <exception cref="RunException">These are no entries of a run, or the journal is damaged.</exception>
    public static SavedState Of(IReadOnlyDictionary<string, byte[]> entries, string path)
    {
        try
        {
            var head = JsonSerializer.Deserialize<RunHead>(entries[Head], Exact)!;
            var all = head is { Flow: { } of, Journal: { } mark }
                ? entries.Concat(Runs.Journal.Entries(Path.GetDirectoryName(path)!, of, mark)).ToDictionary(e => e.Key, e => e.Value)
                : entries;
            return new SavedState(
                head.Done, head.Reports, head.Rejected, head.RejectsBytes,
                head.Flow is { } flow ? new FlowState(flow, new Cursor(head.Epoch, head.Position), Below(States, all)) : null)
            {
                Quarantine = Below(Rejects, all),
                Journal = head.Journal,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            throw new RunException($"'{path}' is no checkpoint of this version: {e.Message}", e);
        }
    }

    private static Dictionary<string, byte[]> Below(string part, IReadOnlyDictionary<string, byte[]> entries) =>
        entries.Where(e => e.Key.StartsWith(part, StringComparison.Ordinal)).ToDictionary(e => e.Key[part.Length..], e => e.Value);

    private sealed record RunHead(
        string[] Done, FlowReport[] Reports, long Rejected, long RejectsBytes, string? Flow, int Epoch, long Position, JournalMark? Journal);
}
