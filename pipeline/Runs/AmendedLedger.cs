using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>The ledger of a run whose books are amended.</summary>
/// <exception cref="RunException">It is damaged, or cannot be written.</exception>
internal sealed class AmendedLedger(string directory, TimeProvider time) : IDisposable
{
    private readonly Ledger _ledger = Ledger.Open(directory, time);

    /// <param name="rejects">The lines that are left.</param>
    public void Write(Amendment amendment, IReadOnlyList<JsonObject> rejects)
    {
        var refused = rejects
            .GroupBy(reject => ((string)reject["flow"]!, (int)reject["epoch"]!, (string)reject["shard"]!))
            .ToDictionary(same => same.Key, same => same.Select(reject => (long)reject["index"]!).Distinct().LongCount());
        foreach (var flow in amendment.Flows)
        {
            var (name, counts) = (flow.Summary.Flow, new ItemCounts(flow.Summary.Read, flow.Summary.Left, flow.Summary.Rejected));
            _ledger.FlowAmended(name, counts);
            _ledger.ShardsChanged([.. Shards(flow).Select(shard => shard with
            {
                Counts = shard.Counts with { Rejected = refused.GetValueOrDefault((name, shard.Epoch, shard.Shard)) },
                Outputs = [],
            })]);
            _ledger.OutputsWritten([.. flow.Outputs.Select(output => new WrittenOutput(name, output.Shard, WrittenFile.Of(directory, output.Path)))]);
        }

        amendment.Again.ToList().ForEach(_ledger.FlowReopened);
    }

    /// <param name="flow">The last that has ended, or the first where none has.</param>
    public void Write(WrittenCheckpoint checkpoint, string flow)
    {
        _ledger.CheckpointTaken(checkpoint.Event(directory, flow, default(Cursor)));
        _ledger.CheckpointsRemoved(checkpoint.Removed);
    }

    public void Dispose() => _ledger.Dispose();

    /// <summary>The rows of the shards that its items come from.</summary>
    private List<ShardEvent> Shards(AmendedFlow flow)
    {
        var touched = flow.Items.Select(item => item.Origin.Shard).ToHashSet();
        using var known = LedgerReader.Open(directory);
        return [.. known.Shards(flow.Summary.Flow).Select(row => row.Event).Where(shard => touched.Contains(shard.Shard))];
    }
}
