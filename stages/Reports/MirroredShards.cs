using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Reports;

/// <summary>
/// Tar shards named after the input shards, with <c>KEY.png</c> for every item. A shard gets its name when enough others
/// have begun after it, or at the end; so items of neighbouring shards may come mixed, as a shuffle buffer leaves them.
/// </summary>
/// <remarks>Input shards of one file name in different folders become <c>name.tar</c> and <c>name-2.tar</c>. Faults: those of <see cref="ShardWriter.Write"/>.</remarks>
/// <param name="open">Shards that may be unfinished at once, 1 or more.</param>
internal sealed class MirroredShards(string folder, int open) : IKeyedOutput
{
    private static readonly string[] Endings = [".tar.gz", ".tar.zst", ".tgz", ".tar", ".csv"];

    private readonly LinkedList<(string Source, ShardWriter Shard)> _open = [];
    private readonly HashSet<string> _committed = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Takes an encoded image.</summary>
    /// <exception cref="RunException">The shard is finished already: the input is mixed further than <c>open_shards</c> allows.</exception>
    public Fault? Add(Origin origin, byte[] png)
    {
        if (_committed.Contains(origin.Shard))
        {
            throw new RunException(
                $"'{origin}' comes after the predictions of its shard were finished; let the flow have one epoch, "
                + $"read without shuffle, or raise `open_shards` above {open}");
        }

        return Touch(origin.Shard).Write(origin.Key, new ShardPart("png", png));
    }

    public void Commit()
    {
        while (_open.Count > 0)
        {
            CommitOldest();
        }
    }

    public void Dispose()
    {
        foreach (var (_, shard) in _open)
        {
            shard.Dispose();
        }
    }

    private ShardWriter Touch(string source)
    {
        var known = _open.FirstOrDefault(o => o.Source == source);
        if (known.Shard is { } shard)
        {
            return shard;
        }

        if (_open.Count == open)
        {
            CommitOldest();
        }

        shard = ShardWriter.Create(Path.Combine(folder, NameFor(source)));
        _open.AddLast((source, shard));
        return shard;
    }

    private void CommitOldest()
    {
        var (source, shard) = _open.First!.Value;
        shard.Commit();
        _open.RemoveFirst();
        _committed.Add(source);
    }

    private string NameFor(string source)
    {
        var file = Path.GetFileName(Path.TrimEndingDirectorySeparator(source));
        var ending = Array.Find(Endings, e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ?? "";
        var stem = file[..^ending.Length];
        var name = $"{stem}.tar";
        for (var n = 2; !_names.Add(name); n++)
        {
            name = $"{stem}-{n}.tar";
        }

        return name;
    }
}
