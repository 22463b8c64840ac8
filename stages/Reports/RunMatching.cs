using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Reports;

/// <summary>What two runs have in common.</summary>
/// <param name="Images">Images that both have label maps of, in one size.</param>
/// <param name="OtherSize">Images of both whose label maps differ in size.</param>
/// <param name="Old">Legend of the earlier run.</param>
/// <param name="Pairs">One for each cluster of the later run, in their order.</param>
public sealed record RunMatch(int Images, int OtherSize, ClusterLegend Old, IReadOnlyList<ClusterPair> Pairs);

/// <summary>Matches the clusters of two runs by the label maps they wrote of the same images.</summary>
public static class RunMatching
{
    private const string Folder = "predictions";

    /// <param name="old">Run directory whose names are carried.</param>
    /// <param name="made">Run directory that gets them.</param>
    /// <exception cref="RunException">A run has no label maps, they share no image, or one cannot be read.</exception>
    public static RunMatch Of(string old, string made, CancellationToken stop = default)
    {
        using var bodies = new Bodies();
        var index = MapIndex.Of(Maps(old));
        var (counts, images, otherSize, read) = (new ConfusionMatrix(Known(old), Known(made)), 0, 0, 0);
        foreach (var map in Maps(made))
        {
            stop.ThrowIfCancellationRequested();
            read++;
            if (index.Take(map.Origin.Key) is not Result<MapRef>.Ok(var before))
            {
                continue;
            }

            var (a, b) = (Read(before, bodies.Old), Read(map, bodies.New));
            if ((a.Height, a.Width) != (b.Height, b.Width))
            {
                otherSize++;
                continue;
            }

            counts.Add(a.Ids, b.Ids);
            images++;
        }

        return images > 0
            ? new RunMatch(images, otherSize, LegendOf(old, counts.Clusters), ClusterMatching.Of(counts))
            : throw new RunException(otherSize > 0
                ? $"the label maps of '{old}' and '{made}' differ in size in all of the {otherSize} images they share; expected the same size"
                : $"'{old}' and '{made}' share no image: none of the {read} label maps of '{made}' has the name of one of '{old}'");
    }

    private static IEnumerable<MapRef> Maps(string run)
    {
        var folder = Path.Combine(run, Folder);
        return Directory.Exists(folder)
            ? MapRef.Below([folder], SampleRoles.Prediction)
            : throw new RunException($"'{run}' holds no label maps; expected those of write.labels in '{folder}'");
    }

    private static LabelMap Read(MapRef map, PartBodies bodies) =>
        map.Read(bodies).Bind(bytes => LabelDecoding.Stored(bytes, DecodingOptions.Default.MaxPixels)).Match(
            read => read, fault => throw new RunException($"label map '{map.Origin}': {fault.Message}"));

    /// <summary>Clusters that a run's legend names; 0 where it has none.</summary>
    private static int Known(string run) => Path.Combine(run, ClusterLegend.FileName) is var path && File.Exists(path) ? ClusterLegend.Load(path).Clusters.Count : 0;

    private static ClusterLegend LegendOf(string run, int clusters) => Path.Combine(run, ClusterLegend.FileName) is var path && File.Exists(path)
        ? ClusterLegend.Load(path).Of(clusters, path)
        : ClusterLegend.Default(clusters);

    /// <summary>One open shard of each run.</summary>
    private sealed class Bodies : IDisposable
    {
        public PartBodies Old { get; } = new();

        public PartBodies New { get; } = new();

        public void Dispose()
        {
            Old.Dispose();
            New.Dispose();
        }
    }
}
