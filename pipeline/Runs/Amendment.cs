using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Runs;

/// <summary>What is no longer so in a run that has ended, since rejected items of it were tried again.</summary>
/// <param name="Flows">The flows that refused them.</param>
/// <param name="Again">Names of flows that read what has changed, and run again from their beginning.</param>
public sealed record Amendment(IReadOnlyList<AmendedFlow> Flows, IReadOnlyList<string> Again);

/// <summary>A flow whose rejected items were tried again.</summary>
/// <param name="Summary">What it did, those items included.</param>
/// <param name="Reports">All that its stages told, with these items.</param>
/// <param name="Items">The items.</param>
/// <param name="Outputs">Output shards that were written anew.</param>
public sealed record AmendedFlow(
    FlowSummary Summary, IReadOnlyList<FlowReport> Reports, IReadOnlyList<RequeuedItem> Items, IReadOnlyList<AmendedShard> Outputs);

/// <summary>An output shard that has got late items.</summary>
/// <param name="Shard">The input shard, as the run file names it.</param>
/// <param name="Path">Full path of the output.</param>
public sealed record AmendedShard(string Shard, string Path);
