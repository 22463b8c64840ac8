using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>Reads the samples of one tar shard: plain, gzip or zstd, in the WebDataset convention.</summary>
/// <remarks>
/// Files of one key stand together; the key ends at the first dot of the base name. Faults: <c>shard.unreadable</c>,
/// <c>shard.truncated</c>, <c>shard.damaged</c>, <c>shard.duplicate_key</c>, <c>shard.unsafe_name</c>, <c>shard.unsafe_entry</c>,
/// <c>shard.too_large</c>, <c>shard.too_many</c>, <c>shard.expands</c>, <c>shard.empty_file</c>. Reading writes nothing, whatever the names in the shard are.
/// </remarks>
internal static class TarShard
{
    /// <summary>The positions of a shard, in order. A plain shard is read by headers only: its bodies stay where they are.</summary>
    public static IEnumerable<PartGroup> Groups(string path, PartFilter filter) =>
        Gathered(path, filter).Select((group, number) => group with { Number = number });

    private static IEnumerable<PartGroup> Gathered(string path, PartFilter filter)
    {
        var opened = filter.Reading.Of(path, () => Open(path, filter));
        if (opened is Result<TarScan>.Failed(var fault))
        {
            yield return new PartGroup(path, "", [], fault) { IsCut = true };
            yield break;
        }

        using (var scan = ((Result<TarScan>.Ok)opened).Value)
        {
            var grouping = new Grouping(path);
            while (scan.Next() is { } step)
            {
                foreach (var group in grouping.Add(step))
                {
                    yield return group;
                }
            }

            if (grouping.Flush() is { } last)
            {
                yield return last;
            }
        }
    }

    private static Result<TarScan> Open(string path, PartFilter filter)
    {
        try
        {
            return new TarScan(path, filter);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Fault("shard.unreadable", $"there is no shard '{path}'", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Fault("shard.unreadable", $"cannot read shard '{path}': {e.Message}", e);
        }
    }

    /// <summary>Gathers steps into groups and watches that no key comes twice.</summary>
    private sealed class Grouping(string shard)
    {
        private readonly HashSet<string> _seen = [];
        private readonly List<TarPart> _parts = [];
        private string? _key;
        private Fault? _fault;

        public PartGroup[] Add(TarStep step)
        {
            if (step is TarStep.Stray(var name, var file, var fault))
            {
                return [new PartGroup(shard, name, file is null ? [] : [file], fault)];
            }

            if (step is TarStep.Broken(var cut, var why))
            {
                return cut is not null && cut == _key ? [Cut(why)] : [.. Flushed(), new PartGroup(shard, cut ?? "", [], why) { IsCut = true }];
            }

            var (key, part, refused) = (TarStep.Part)step;
            var done = key == _key ? [] : Flushed();
            Take(key, part, refused);
            return done;
        }

        public PartGroup? Flush()
        {
            var group = _key is null ? null : new PartGroup(shard, _key, [.. _parts], _fault);
            (_key, _fault) = (null, null);
            _parts.Clear();
            return group;
        }

        private PartGroup[] Flushed() => Flush() is { } group ? [group] : [];

        private PartGroup Cut(Fault why)
        {
            _fault = why;
            return Flush()! with { IsCut = true };
        }

        private void Take(string key, TarPart part, Fault? refused)
        {
            if (_key is null && !_seen.Add(key))
            {
                _fault = new Fault("shard.duplicate_key", $"key '{key}' stands in two places of the shard; expected its files side by side");
            }

            _key = key;
            _fault ??= refused ?? (_parts.Any(p => p.Extension == part.Extension)
                ? new Fault("shard.duplicate_key", $"'{key}.{part.Extension}' stands twice in the shard; expected it once")
                : null);
            _parts.Add(part);
        }
    }
}
