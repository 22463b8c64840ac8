using System.Diagnostics;
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
    public static IEnumerable<PartGroup> Groups(string path, PartFilter filter)
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
                if (grouping.Ends(step) && grouping.Flush() is { } whole)
                {
                    yield return whole;
                }

                if (grouping.Add(step) is { } alone)
                {
                    yield return alone;
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
        private long _number;

        /// <summary>Whether the files of the key before are all there.</summary>
        public bool Ends(TarStep step) => step switch
        {
            TarStep.Part(var key, _, _) => key != _key,
            TarStep.Broken(var cut, _) => cut is null || cut != _key,
            _ => false,
        };

        /// <summary>Takes a step; returns what is a position for itself, or ends the shard.</summary>
        public PartGroup? Add(TarStep step)
        {
            switch (step)
            {
                case TarStep.Stray(var name, var file, var fault):
                    return Group(name, file is null ? [] : [file], fault);
                case TarStep.Broken(var cut, var why) when cut is null || cut != _key:
                    return Group(cut ?? "", [], why) with { IsCut = true };
                case TarStep.Broken(_, var why):
                    _fault = why;
                    return Flush()! with { IsCut = true };
                case TarStep.Part(var key, var part, var refused):
                    Take(key, part, refused);
                    return null;
                default:
                    throw new UnreachableException();
            }
        }

        /// <summary>The files of the key so far.</summary>
        public PartGroup? Flush()
        {
            var group = _key is null ? null : Group(_key, _parts.ToArray(), _fault);
            (_key, _fault) = (null, null);
            _parts.Clear();
            return group;
        }

        private PartGroup Group(string key, TarPart[] parts, Fault? fault) => new(shard, key, parts, fault) { Number = _number++ };

        private void Take(string key, TarPart part, Fault? refused)
        {
            if (_key is null && !_seen.Add(key))
            {
                _fault = new Fault("shard.duplicate_key", $"key '{key}' stands in two places of the shard; expected its files side by side");
            }

            _key = key;
            _fault ??= refused ?? (Has(part.Extension)
                ? new Fault("shard.duplicate_key", $"'{key}.{part.Extension}' stands twice in the shard; expected it once")
                : null);
            _parts.Add(part);
        }

        private bool Has(string extension)
        {
            foreach (var part in _parts)
            {
                if (part.Extension == extension)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
