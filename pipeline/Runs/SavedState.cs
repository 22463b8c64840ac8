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

    /// <summary>In words, for messages.</summary>
    public string Place => Flow is { } flow
        ? string.Create(CultureInfo.InvariantCulture, $"flow '{flow.Flow}', epoch {flow.Next.Epoch + 1}, item {flow.Next.Position}")
        : Done.Count == 0 ? "the beginning" : $"the end of flow '{Done[^1]}'";

    public IReadOnlyDictionary<string, byte[]> Entries()
    {
        var head = new RunHead([.. Done], [.. Reports], Rejected, RejectsBytes, Flow?.Flow, Flow?.Next.Epoch ?? 0, Flow?.Next.Position ?? 0);
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

    /// <exception cref="RunException">These are no entries of a run.</exception>
    public static SavedState Of(IReadOnlyDictionary<string, byte[]> entries, string path)
    {
        try
        {
            var head = JsonSerializer.Deserialize<RunHead>(entries[Head], Exact)!;
            return new SavedState(
                head.Done, head.Reports, head.Rejected, head.RejectsBytes,
                head.Flow is { } flow ? new FlowState(flow, new Cursor(head.Epoch, head.Position), Below(States, entries)) : null)
            {
                Quarantine = Below(Rejects, entries),
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
        string[] Done, FlowReport[] Reports, long Rejected, long RejectsBytes, string? Flow, int Epoch, long Position);
}
