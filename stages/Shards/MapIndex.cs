using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>Finds true maps by key: by the whole key, else by its last part where that is enough.</summary>
internal sealed class MapIndex
{
    private const long MostHeld = 1L << 30;
    private readonly Dictionary<string, MapRef> _byKey = [];
    private readonly Dictionary<string, List<MapRef>> _byName = [];
    private readonly HashSet<MapRef> _taken = new(ReferenceEqualityComparer.Instance);

    /// <summary>Maps that cannot be used: faults of their shards, and keys that come twice.</summary>
    public List<MapRef> Faulty { get; } = [];

    /// <summary>Maps that nothing was matched with.</summary>
    public IEnumerable<MapRef> Untaken => _byKey.Values.Where(map => !_taken.Contains(map));

    /// <exception cref="RunException">The maps lie in compressed shards and are too many to be held in memory.</exception>
    public static MapIndex Of(IEnumerable<MapRef> maps)
    {
        var (index, held) = (new MapIndex(), 0L);
        foreach (var map in maps)
        {
            held += map.Held;
            if (held > MostHeld)
            {
                throw new RunException($"the label maps of '{map.Origin.Shard}' and the shards before it take more than 1 GiB; unpack these shards to plain .tar");
            }

            index.Add(map);
        }

        return index;
    }

    /// <summary>The map for a key, or <c>pairs.no_partner</c> or <c>pairs.duplicate_key</c>.</summary>
    public Result<MapRef> Take(string key)
    {
        var named = _byName.GetValueOrDefault(ShardKey.BaseName(key), []);
        Result<MapRef> found = _byKey.TryGetValue(key, out var exact)
            ? exact
            : named switch
            {
                [] => new Fault("pairs.no_partner", $"prediction '{key}' has no label map; expected one of that name"),
                [var one] => one,
                [var a, var b, ..] => new Fault("pairs.duplicate_key", $"prediction '{key}' fits both '{a.Origin}' and '{b.Origin}'; expected one label map"),
            };
        return found.Bind(map => _taken.Add(map)
            ? Result.Ok(map)
            : new Fault("pairs.duplicate_key", $"label map '{map.Origin}' belongs to an earlier prediction already; expected one prediction for it"));
    }

    private void Add(MapRef map)
    {
        if (map.Fault is not null)
        {
            Faulty.Add(map);
        }
        else if (!_byKey.TryAdd(map.Origin.Key, map))
        {
            var fault = new Fault("pairs.duplicate_key", $"label map '{map.Origin.Key}' stands in '{_byKey[map.Origin.Key].Origin.Shard}' already; expected it once");
            Faulty.Add(map with { Fault = fault });
        }
        else
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_byName, ShardKey.BaseName(map.Origin.Key), out _) ??= []).Add(map);
        }
    }
}
