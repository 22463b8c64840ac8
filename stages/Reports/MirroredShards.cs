using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Reports;

/// <summary>
/// Tar shards named after the input shards, with <c>KEY.png</c> for every item. A shard is finished when enough others
/// have begun after it, or at the end, and gets its name once a checkpoint knows of it; so items of neighbouring shards may come mixed, as a shuffle buffer leaves them.
/// </summary>
/// <remarks>Input shards of one file name in different folders become <c>name.tar</c> and <c>name-2.tar</c>. Faults: those of <see cref="ShardWriter.Write"/>.</remarks>
/// <param name="open">Shards that may be unfinished at once, 1 or more.</param>
/// <param name="wrote">Told of each shard that got its name, and of the input shard.</param>
internal sealed class MirroredShards(string folder, int open, Action<string, string> wrote) : IKeyedOutput
{
    private static readonly string[] Endings = [".tar.gz", ".tar.zst", ".tgz", ".tar", ".csv"];

    private readonly LinkedList<(string Source, ShardWriter Shard)> _open = [];
    private readonly List<(string Source, ShardWriter Shard)> _sealed = [];
    private readonly List<FinishedShard> _done = [];
    private readonly HashSet<string> _finished = [];
    private readonly HashSet<string> _names = [];
    private int _waiting;

    /// <summary>Takes an encoded image.</summary>
    /// <exception cref="RunException">The shard is finished already: the input is mixed further than <c>open_shards</c> allows.</exception>
    public Fault? Add(Origin origin, ReadOnlyMemory<byte> png)
    {
        if (_finished.Contains(origin.Shard))
        {
            throw new RunException(
                $"'{origin}' comes after the predictions of its shard were finished; let the flow have one epoch, "
                + $"read without shuffle, or raise `open_shards` above {open}");
        }

        return Touch(origin.Shard).Write(origin.Key, new ShardPart("png", png));
    }

    public bool AwaitsCheckpoint => Volatile.Read(ref _waiting) > 0;

    public void Commit()
    {
        while (_open.Count > 0)
        {
            SealOldest();
        }

        Publish();
    }

    public void Carry(StateArchive state)
    {
        var open = state.Value("open", _open.Select(o => (o.Source, Name: Path.GetFileName(o.Shard.Path), State: o.Shard.Pause())).ToArray());
        _sealed.ForEach(s => s.Shard.Keep());
        var ready = state.Value("sealed", _sealed.Select(s => (s.Source, Name: Path.GetFileName(s.Shard.Path))).ToArray());
        var done = state.Added("finished", _done);
        if (state.Loading)
        {
            _done.AddRange(done);
            _finished.UnionWith(done.Select(shard => shard.Source));
            _names.UnionWith([.. done.Select(shard => shard.Name), .. open.Select(o => o.Name)]);
            DropAllBut([.. open.Select(o => o.Name), .. ready.Select(r => r.Name)]);
            Array.ForEach(ready, r => wrote(r.Source, ShardWriter.Publish(Path.Combine(folder, r.Name))));
            Array.ForEach(open, o => _open.AddLast((o.Source, ShardWriter.Resume(Path.Combine(folder, o.Name), o.State))));
        }
    }

    public void Publish()
    {
        foreach (var (source, shard) in _sealed)
        {
            shard.Publish();
            wrote(source, shard.Path);
        }

        _sealed.Clear();
        Volatile.Write(ref _waiting, 0);
    }

    public void Dispose()
    {
        foreach (var shard in _open.Concat(_sealed).Select(o => o.Shard))
        {
            shard.Dispose();
        }
    }

    /// <summary>Name, without ending, of the output shard of an input shard, where no other has it.</summary>
    public static string StemOf(string source)
    {
        var file = Path.GetFileName(Path.TrimEndingDirectorySeparator(source));
        var ending = Array.Find(Endings, e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ?? "";
        return file[..^ending.Length];
    }

    /// <summary>What an earlier process began after its last checkpoint comes again.</summary>
    private void DropAllBut(IReadOnlyList<string> names)
    {
        var kept = names.Select(name => ShardWriter.PartOf(Path.Combine(folder, name))).ToHashSet();
        foreach (var part in ShardWriter.Unfinished(folder).Select(Path.GetFullPath).Where(part => !kept.Contains(part)).ToList())
        {
            File.Delete(part);
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
            SealOldest();
        }

        shard = ShardWriter.Create(Path.Combine(folder, NameFor(source)));
        _open.AddLast((source, shard));
        return shard;
    }

    private void SealOldest()
    {
        var (source, shard) = _open.First!.Value;
        shard.Seal();
        _open.RemoveFirst();
        _sealed.Add((source, shard));
        _done.Add(new FinishedShard(source, Path.GetFileName(shard.Path)));
        _finished.Add(source);
        Volatile.Write(ref _waiting, _sealed.Count);
    }

    private string NameFor(string source)
    {
        var stem = StemOf(source);
        var name = $"{stem}.tar";
        for (var n = 2; !_names.Add(name); n++)
        {
            name = $"{stem}-{n}.tar";
        }

        return name;
    }

    private sealed record FinishedShard(string Source, string Name);
}
