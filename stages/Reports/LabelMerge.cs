using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Reports;

/// <summary>A label map that was made later than those it belongs to.</summary>
/// <param name="Name">What it is called where it lies.</param>
/// <param name="Origin">The item it is of.</param>
/// <param name="IsSecond">Whether another item has its key, so that a map of that key is not its own, even if it is equal.</param>
public sealed record LateLabel(string Name, Origin Origin, bool IsSecond = false);

/// <summary>Adds label maps to the output of a run that has ended. Each shard is written anew beside the old one, which it then replaces.</summary>
/// <remarks>
/// Of a map that is there already with the same bytes nothing is to be done, so what was cut short can be begun again. Faults:
/// <c>requeue.ambiguous</c>, <c>shard.duplicate_key</c>, <c>shard.unsafe_name</c>.
/// </remarks>
public static class LabelMerge
{
    private static readonly PartFilter Maps = new(extension => extension == "png", ShardLimits.OwnFiles);

    /// <summary>Adds what lies in <paramref name="from"/> to <paramref name="into"/>.</summary>
    /// <param name="items">The maps to take, as far as they are there.</param>
    /// <param name="inputs">All shards that the run has read.</param>
    /// <returns>For each name that was there, null, or why it could not be added.</returns>
    /// <exception cref="RunException">A shard cannot be read or written.</exception>
    public static IReadOnlyDictionary<string, Fault?> Merge(
        string from, string into, LabelPlace place, IReadOnlyList<LateLabel> items, IReadOnlyList<string> inputs)
    {
        var late = Directory.Exists(from) ? place == LabelPlace.Shards ? InShards(from) : InFolder(from, items) : [];
        var outcome = new Dictionary<string, Fault?>();
        foreach (var shard in items.Where(item => late.ContainsKey(item.Name)).GroupBy(item => item.Origin.Shard))
        {
            var stem = MirroredShards.StemOf(shard.Key);
            var target = place == LabelPlace.Folder ? new MapFolder(into) : (IMapTarget)new MapShard(ShardOf(into, shard.Key), shard.Key);
            var several = place == LabelPlace.Shards && inputs.Count(input => MirroredShards.StemOf(input) == stem) > 1
                ? new Fault("requeue.ambiguous", $"several input shards are called '{stem}', so it is not known to which output it belongs; it stays in '{from}'")
                : null;
            foreach (var item in shard)
            {
                outcome[item.Name] = several ?? Refusal(item.Origin) ?? target.Add(item, late[item.Name]);
            }

            target.Commit();
        }

        return outcome;
    }

    /// <summary>The shard that the maps of an input shard lie in.</summary>
    /// <param name="folder">That of the output.</param>
    public static string ShardOf(string folder, string input) => Path.Combine(folder, $"{MirroredShards.StemOf(input)}.tar");

    private static Fault? Refusal(Origin origin) => ShardKey.IsUsable(origin.Key)
        ? null
        : new Fault("shard.unsafe_name", $"key '{origin.Key}' cannot be a name in the output; expected a relative name without dots");

    private static Dictionary<string, byte[]> InShards(string folder) =>
        Directory.GetFiles(folder, "*.tar").SelectMany(Read).ToDictionary(map => map.Key, map => map.Png);

    private static Dictionary<string, byte[]> InFolder(string folder, IReadOnlyList<LateLabel> items) => items
        .Select(item => (item.Name, Path: Path.Combine(folder, $"{item.Name}.png")))
        .Where(map => File.Exists(map.Path))
        .ToDictionary(map => map.Name, map => File.ReadAllBytes(map.Path));

    private static List<(string Key, byte[] Png)> Read(string shard)
    {
        using var bodies = new PartBodies();
        return [.. TarShard.Groups(shard, Maps).Select(group => (group.Key, (group.Fault is { } fault ? fault : bodies.Read(shard, group.Parts[0]))
            .Match(bytes => bytes, why => throw new RunException($"cannot read '{shard}': {why.Message}"))))];
    }

    private interface IMapTarget
    {
        Fault? Add(LateLabel item, byte[] png);

        void Commit();
    }

    private static Fault? Taken(LateLabel item, byte[] there, byte[] png) => !item.IsSecond && there.AsSpan().SequenceEqual(png)
        ? null
        : new Fault("shard.duplicate_key", $"the output has a label map of the key '{item.Origin.Key}' already; expected each key once");

    private sealed class MapFolder(string folder) : IMapTarget
    {
        public Fault? Add(LateLabel item, byte[] png)
        {
            var path = Path.Combine(folder, $"{item.Origin.Key}.png");
            if (File.Exists(path))
            {
                return Taken(item, File.ReadAllBytes(path), png);
            }

            Writing.File(path, png);
            return null;
        }

        public void Commit()
        {
        }
    }

    /// <param name="input">The shard whose order the output has.</param>
    private sealed class MapShard(string path, string input) : IMapTarget
    {
        private readonly List<(string Key, byte[] Png)> _maps = File.Exists(path) ? Read(path) : [];
        private bool _changed;

        public Fault? Add(LateLabel item, byte[] png)
        {
            if (_maps.Find(map => map.Key == item.Origin.Key) is { Png: { } there })
            {
                return Taken(item, there, png);
            }

            _maps.Add((item.Origin.Key, png));
            _changed = true;
            return null;
        }

        public void Commit()
        {
            if (!_changed)
            {
                return;
            }

            var order = Order();
            using var shard = ShardWriter.Create(path);
            foreach (var (key, png) in _maps.OrderBy(map => order.GetValueOrDefault(map.Key, long.MaxValue)))
            {
                if (shard.Write(key, new ShardPart("png", png)) is { } fault)
                {
                    throw new RunException($"cannot write '{path}': {fault.Message}");
                }
            }

            shard.Commit();
        }

        private Dictionary<string, long> Order() => !File.Exists(input) || !ShardPattern.IsShard(input)
            ? []
            : TarShard.Groups(input, new PartFilter(SampleRoles.Wanted, ShardLimits.OwnFiles, Bodies: false))
                .GroupBy(group => group.Key)
                .ToDictionary(same => same.Key, same => same.First().Number);
    }
}
