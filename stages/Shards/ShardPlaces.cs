using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>A position of a shard.</summary>
/// <param name="Number">Its place in the shard, from 0.</param>
/// <param name="Group">What is there; null where the shard has not been looked at, because whoever goes on most likely passes over it.</param>
internal readonly record struct ShardPlace(string Shard, long Number, PartGroup? Group);

/// <summary>The positions of shards, one after the other. Of shards that are passed over, the index knows how many they have, and nothing is read.</summary>
/// <param name="index">Asked only where something is passed over.</param>
internal sealed class ShardPlaces(PartFilter filter, Func<ShardIndex> index)
{
    private readonly Dictionary<string, PartGroup[]> _looked = [];

    /// <param name="passed">Positions, from the first on, that nobody will ask for but by <see cref="Find"/>.</param>
    public IEnumerable<ShardPlace> Of(IEnumerable<string> shards, long passed)
    {
        var positions = passed > 0 ? index().Shards.DistinctBy(s => s.Shard).ToDictionary(s => s.Shard, s => s.Positions) : [];
        foreach (var shard in shards)
        {
            var behind = passed > 0 && positions[shard] <= passed;
            passed = behind ? passed - positions[shard] : 0;
            foreach (var place in behind ? Unseen(shard, positions[shard]) : Seen(shard))
            {
                yield return place;
            }
        }
    }

    /// <summary>What is at a place.</summary>
    /// <exception cref="RunException">The shard has become shorter since it was indexed.</exception>
    public PartGroup Find(ShardPlace place)
    {
        if (place.Group is { } there)
        {
            return there;
        }

        var groups = _looked.TryGetValue(place.Shard, out var known) ? known : _looked[place.Shard] = [.. TarShard.Groups(place.Shard, filter)];
        return place.Number < groups.Length
            ? groups[place.Number]
            : throw new RunException($"shard '{place.Shard}' had more than {place.Number} samples when its headers were read, and has {groups.Length} now");
    }

    private static IEnumerable<ShardPlace> Unseen(string shard, long positions)
    {
        for (var number = 0L; number < positions; number++)
        {
            yield return new ShardPlace(shard, number, null);
        }
    }

    private IEnumerable<ShardPlace> Seen(string shard) => TarShard.Groups(shard, filter).Select(group => new ShardPlace(shard, group.Number, group));
}
