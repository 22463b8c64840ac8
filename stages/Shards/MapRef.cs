using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>Where one encoded map lies, or why there is none.</summary>
/// <param name="Read">Reads it when it is needed; out of a compressed shard, it holds the bytes already.</param>
/// <param name="Held">Bytes that it holds in memory meanwhile.</param>
internal sealed record MapRef(Origin Origin, Func<PartBodies, Result<byte[]>> Read, long Held = 0, Fault? Fault = null)
{
    /// <summary>The maps below a path: a folder of shards, a pattern of shards, or else a folder of images with all folders in it.</summary>
    /// <param name="role">Picks the part of a sample that is meant.</param>
    /// <param name="limits">Those of <see cref="ShardLimits"/> itself where null.</param>
    /// <exception cref="RunException">Nothing is there.</exception>
    public static IEnumerable<MapRef> Below(IReadOnlyList<string> path, Func<PartGroup, TarPart?> role, ShardLimits? limits = null) =>
        path is [var folder] && Directory.Exists(folder) && !ShardPattern.HoldsShards(folder)
            ? InFolder(folder, limits ?? new())
            : ShardPattern.Expand(path)
                .SelectMany(shard => TarShard.Groups(shard, new PartFilter(SampleRoles.IsPng, limits ?? new())))
                .SelectMany(group => InShard(group, role));

    private static IEnumerable<MapRef> InShard(PartGroup group, Func<PartGroup, TarPart?> role)
    {
        var origin = new Origin(group.Shard, group.Key);
        return group.Fault is { } fault
            ? [new MapRef(origin, _ => fault, 0, fault)]
            : role(group) is { } part ? [new MapRef(origin, bodies => bodies.Read(group.Shard, part), part.Bytes?.Length ?? 0)] : [];
    }

    private static IEnumerable<MapRef> InFolder(string folder, ShardLimits limits)
    {
        var files = Folder.LabelMaps(folder, recursive: true);
        return files.Count == 0
            ? throw new RunException($"folder '{folder}' holds neither shards nor label maps; expected png, tif or bmp")
            : files.Select(file => new MapRef(new Origin(folder, ShardKey.OfFile(file)), _ => FileSamples.Bytes(Path.Combine(folder, file), limits.MaxBytes)));
    }
}
