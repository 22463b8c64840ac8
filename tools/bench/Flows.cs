using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Stages;
using InMARS.Stages.Synthesis;

namespace InMARS.Bench;

/// <summary>Flows as a user would declare them, over synthetic shards in a temporary folder.</summary>
internal static class Flows
{
    public static FlowPlan Of(string yaml) =>
        RunFile.Parse("run: { name: bench }\nflows:\n" + yaml, "bench.yaml", [], [new StandardStages(), new BenchModule()])
            .Match(plan => plan.Flows[0], errors => throw new InvalidOperationException(string.Join('\n', errors)));

    /// <summary>Shards of scenes; the same arguments give the same bytes.</summary>
    public static string Shards(string root, int count, int width, int height)
    {
        var folder = Path.Combine(root, $"scenes-{count}-{width}x{height}");
        SyntheticShards.Write(folder, new SyntheticSet(count, 7, new SceneOptions(width, height)));
        return folder;
    }
}
