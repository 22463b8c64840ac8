using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>What <c>shard.read</c> reads, and in which order.</summary>
/// <param name="Path">Patterns as <see cref="ShardPattern"/> has them.</param>
/// <param name="Shuffle">Whether shards and samples come in a random order, another one each epoch.</param>
/// <param name="Buffer">Samples that the shuffle draws from, 0 to 65536; 0 shuffles shards only. Of compressed shards it holds the encoded bytes.</param>
/// <param name="Limit">Items of an epoch, at most; 0 for all.</param>
public sealed record ShardReadOptions(IReadOnlyList<string> Path, bool Shuffle = false, int Buffer = 256, long Limit = 0)
{
    public ShardLimits Limits { get; init; } = new();
}

/// <summary>Samples out of tar shards.</summary>
public static class ShardSource
{
    public const string Name = "shard.read";

    public static Source<Sample> Of(ShardReadOptions options) => new(
        Name,
        (context, from, stop) => Read(options, context, from, stop),
        (context, stop) => Task.Run(() => Count(options, context, stop), stop))
    {
        ListInputs = () => ShardPattern.Expand(options.Path),
        GoesByShards = options is { Shuffle: false } or { Buffer: <= 1 },
        Check = (context, stop) => Task.Run(() => Check(options, context, stop), stop),
        Measure = SampleSize.ExtentOf,
        Spread = (context, most, stop) => Spread(options, context, most, stop),
    };

    private static async IAsyncEnumerable<Sourced<Sample>> Read(
        ShardReadOptions options, IStageContext context, Cursor from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var reading = new Reading(context);
        using var bodies = new PartBodies(reading);
        var filter = new PartFilter(SampleRoles.Wanted, options.Limits) { Reading = reading };
        var places = new ShardPlaces(filter, () => Index(options, context, stop));
        var items = Emission.From(Order(options, places, context.Run.Seed, from), from, Load, stop);
        await foreach (var item in items.ConfigureAwait(false))
        {
            yield return item;
        }

        Sourced<Sample> Load(ShardPlace place)
        {
            var group = places.Find(place);
            var arrays = context.ArraysOfNext();
            return Emission.Sized(SampleRoles.Read(group, bodies, arrays), new Origin(group.Shard, group.Key), TarOriginal.Of(group, filter), arrays);
        }
    }

    private static IEnumerable<ShardPlace> Order(ShardReadOptions options, ShardPlaces places, long seed, Cursor from)
    {
        var random = SplitMix64.Of(seed, Name, from.Epoch);
        var named = ShardPattern.Expand(options.Path);
        var shards = options.Shuffle ? Shuffling.Permuted(named, random) : named;
        var all = places.Of(shards, from.Position);
        var mixed = options is { Shuffle: true, Buffer: > 1 } ? Shuffling.ThroughBuffer(all, options.Buffer, random) : all;
        return options.Limit > 0 ? Limited(mixed, options.Limit) : mixed;
    }

    private static IEnumerable<ShardPlace> Limited(IEnumerable<ShardPlace> places, long limit)
    {
        foreach (var place in places)
        {
            yield return place;
            if (--limit == 0)
            {
                yield break;
            }
        }
    }

    private static long? Count(ShardReadOptions options, IStageContext context, CancellationToken stop)
    {
        var all = Index(options, context, stop).Count;
        return options.Limit > 0 ? Math.Min(all, options.Limit) : all;
    }

    private static SourceCheck Check(ShardReadOptions options, IStageContext context, CancellationToken stop)
    {
        var index = Index(options, context, stop);
        var (again, first) = index.Duplicates(options.Limits);
        return new SourceCheck(index.Faulty, index.FirstFault, again == 0 ? [] : [$"{again} samples have the key of an earlier one; the first: {first}"]);
    }

    private static IEnumerable<Sourced<Sample>> Spread(ShardReadOptions options, IStageContext context, int most, CancellationToken stop)
    {
        var index = Index(options, context, stop);
        var of = options.Limit > 0 ? Math.Min(options.Limit, index.Count) : index.Count;
        using var bodies = new PartBodies(Reading.Once);
        foreach (var shard in index.Spread(most, of).GroupBy(at => at.Shard, at => at.Position))
        {
            var wanted = shard.ToHashSet();
            var groups = TarShard.Groups(shard.Key, new PartFilter(SampleRoles.Wanted, options.Limits));
            foreach (var (_, group) in groups.Index().Where(g => wanted.Remove(g.Index)).Take(wanted.Count))
            {
                stop.ThrowIfCancellationRequested();
                yield return Emission.Sized(SampleRoles.Read(group, bodies), new Origin(group.Shard, group.Key));
            }
        }
    }

    private static ShardIndex Index(ShardReadOptions options, IStageContext context, CancellationToken stop)
    {
        var index = ShardIndex.Of(ShardPattern.Expand(options.Path), options.Limits, Path.Combine(context.Run.Cache, "index"), stop);
        if (index.Trouble is { } trouble)
        {
            context.Log("index.not_kept", $"The index of the shards cannot be kept in run.cache, so the next start reads their headers again: {trouble}");
        }

        return index;
    }
}
