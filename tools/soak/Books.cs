using System.Formats.Tar;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Runs;

namespace InMARS.Soak;

/// <summary>What must be in the books of a run that is done: every item, and as rejected the damaged ones and none other.</summary>
internal sealed class Books(NightPlace place, SoakOptions options, int epochs, IReadOnlyList<Damaged> damaged, Tally tally)
{
    private readonly (string Flow, int Epochs)[] _flows = [("train", epochs), ("predict", 1)];

    public void Check()
    {
        CheckLedger();
        CheckRejects();
        CheckQuarantine();
    }

    private void CheckLedger()
    {
        using var ledger = LedgerReader.Open(place.Run);
        foreach (var flow in ledger.Flows())
        {
            tally.Require(flow.Phase == FlowPhase.Done && flow.Counts.Read == flow.Counts.Left, () => $"the books of flow '{flow.Name}' do not balance: {flow}");
        }

        foreach (var (name, passes) in _flows)
        {
            var expected = new ItemCounts(passes * options.Images, passes * options.Images, passes * damaged.Count);
            var found = ledger.Flows().Single(f => f.Name == name).Counts;
            tally.Require(found == expected, () => $"flow '{name}' should have {expected}, and has {found}");
        }
    }

    private void CheckRejects()
    {
        var expected = Expected().Order(StringComparer.Ordinal).ToList();
        var found = File.ReadLines(Path.Combine(place.Run, "rejects.jsonl")).Select(line => Told(JsonNode.Parse(line)!)).Order(StringComparer.Ordinal).ToList();
        tally.Require(
            expected.SequenceEqual(found),
            () => $"rejects.jsonl has {found.Count} lines for {expected.Count}; missing: {Some(expected.Except(found))}; too many: {Some(found.Except(expected))}");
    }

    private IEnumerable<string> Expected() => damaged.SelectMany(item => _flows
        .SelectMany(flow => Enumerable.Range(0, flow.Epochs).Select(epoch => item.In(flow.Flow, epoch)))
        .Concat(item.Damage.InPairs ? [item.In("evaluate", 0, "pairs.read")] : []));

    /// <remarks>An item that is rejected in every epoch is in the quarantine of its flow once.</remarks>
    private void CheckQuarantine()
    {
        var folder = Path.Combine(place.Run, "quarantine");
        foreach (var tar in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.tar") : [])
        {
            var keys = Keys(tar).Distinct().Order(StringComparer.Ordinal);
            var expected = damaged.Where(d => d.Damage.InPairs || Path.GetFileNameWithoutExtension(tar) != "evaluate").Select(d => d.Key).Order(StringComparer.Ordinal);
            tally.Require(keys.SequenceEqual(expected), () => $"{tar} should hold the damaged items, and holds {Some(keys)}");
        }
    }

    private static List<string> Keys(string path)
    {
        using var file = File.OpenRead(path);
        using var tar = new TarReader(file);
        List<string> keys = [];
        while (tar.GetNextEntry() is { } entry)
        {
            keys.Add(entry.Name.Split('.')[0]);
        }

        return keys;
    }

    private static string Told(JsonNode reject) =>
        $"{reject["flow"]} {reject["epoch"]} {Path.GetFileName((string)reject["shard"]!)} {reject["key"]} {reject["stage"]} {reject["code"]}";

    private static string Some(IEnumerable<string> lines) => string.Join(", ", lines.Take(5)) is { Length: > 0 } some ? some : "none";
}
