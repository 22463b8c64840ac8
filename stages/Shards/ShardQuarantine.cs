using System.Globalization;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>
/// What a flow refused, in the WebDataset convention: <c>FLOW.tar</c>, and <c>FLOW+2.tar</c> and so on when that is large.
/// Of each item the bytes of its files as they came, and <c>KEY.json</c>, which says where they came from and what was wrong.
/// </summary>
/// <remarks>
/// An item that is refused in several epochs, or by several sinks, is there once, with what was said first. A key that is
/// unsafe as a name or comes twice has another name in the tar; the true one is in the JSON.
/// </remarks>
public sealed class ShardQuarantine : IQuarantine
{
    private const long MostBytes = 1L << 30;
    private readonly string _folder;
    private readonly string _flow;
    private readonly long _most;
    private readonly List<KeptItem> _kept = [];
    private readonly HashSet<string> _items = [];
    private readonly HashSet<string> _names = [];
    private ShardWriter? _tar;
    private long _bytes;
    private int _full;

    private ShardQuarantine(string folder, string flow, long most) => (_folder, _flow, _most) = (folder, flow, most);

    /// <summary>As <see cref="OpenQuarantine"/>.</summary>
    /// <exception cref="RunException">What an earlier process left is gone, or the folder cannot be written.</exception>
    public static IQuarantine Open(string folder, string flow, StateArchive? from) => Open(folder, flow, from, MostBytes);

    /// <param name="most">Bytes of originals after which the next tar begins.</param>
    internal static ShardQuarantine Open(string folder, string flow, StateArchive? from, long most)
    {
        var quarantine = new ShardQuarantine(folder, flow, most);
        if (from is not null)
        {
            quarantine.Carry(from);
        }
        else
        {
            quarantine.DropFrom(1);
        }

        return quarantine;
    }

    /// <summary>The tars of a flow that are there, in order.</summary>
    public static IReadOnlyList<string> Tars(string folder, string flow) =>
        [.. Enumerable.Range(1, int.MaxValue).Select(n => PathOf(folder, flow, n)).TakeWhile(File.Exists)];

    /// <inheritdoc/>
    public void Add(Reject reject)
    {
        var item = $"{reject.Origin.Shard}\n{reject.Origin.Key}\n{reject.Original?.Place}";
        if (!_items.Add(item))
        {
            return;
        }

        var original = reject.Original?.Read() ?? new OriginalItem([], "the source of this flow does not read single items again");
        var json = QuarantineRecord.Of(reject, original).ToJson();
        List<ShardPart> parts = [.. original.Files.Select(f => new ShardPart(f.Extension == "json" ? QuarantineRecord.OwnJson : f.Extension, f.Bytes)), new("json", json)];
        var name = NameFor(reject.Origin);
        _kept.Add(new KeptItem(item, name));
        Begin();
        if (_tar!.Write(name, parts) is { } fault)
        {
            throw new RunException($"cannot keep '{reject.Origin}' in the quarantine: {fault.Message}");
        }

        _bytes += parts.Sum(p => (long)p.Bytes.Length);
    }

    /// <inheritdoc/>
    public void Carry(StateArchive state)
    {
        _full = state.Value("full", _full);
        _bytes = state.Value("bytes", _bytes);
        var kept = state.Added("kept", _kept);
        var tar = state.Value("tar", _tar?.Pause().Bytes);
        if (state.Loading)
        {
            _kept.AddRange(kept);
            _items.UnionWith(kept.Select(k => k.Item));
            _names.UnionWith(kept.Select(k => k.Name));
            _tar = tar is { } bytes ? ShardWriter.Resume(PathOf(_folder, _flow, _full + 1), new UnfinishedShard(bytes, [.. _names])) : null;
            DropFrom(_full + (tar is null ? 1 : 2));
        }
    }

    /// <inheritdoc/>
    public void Commit()
    {
        _tar?.Commit();
        _tar = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _tar?.Dispose();

    private void Begin()
    {
        if (_tar is not null && _bytes >= _most)
        {
            Commit();
            _full++;
            _bytes = 0;
        }

        _tar ??= ShardWriter.Create(PathOf(_folder, _flow, _full + 1));
    }

    /// <summary>What an earlier process began after its last checkpoint comes again.</summary>
    private void DropFrom(int number)
    {
        for (var path = PathOf(_folder, _flow, number); File.Exists(path) || File.Exists(ShardWriter.PartOf(path)); path = PathOf(_folder, _flow, ++number))
        {
            File.Delete(path);
            File.Delete(ShardWriter.PartOf(path));
        }
    }

    private string NameFor(Origin origin)
    {
        var key = ShardKey.IsUsable(origin.Key) ? origin.Key : Safe(origin);
        var name = key;
        for (var n = 2; !_names.Add(name); n++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{key}-{n}");
        }

        return name;
    }

    /// <summary>A name for what has none, or a dangerous one; a shard that cannot be read at all has that of its file.</summary>
    private static string Safe(Origin origin)
    {
        var words = origin.Key.Length > 0 ? origin.Key : $"shard_{Path.GetFileName(origin.Shard)}";
        var safe = string.Concat(words.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_')).Trim('_');
        return safe.Length > 0 ? safe : "item";
    }

    private static string PathOf(string folder, string flow, int number) =>
        Path.Combine(folder, number == 1 ? $"{flow}.tar" : string.Create(CultureInfo.InvariantCulture, $"{flow}+{number}.tar"));

    /// <param name="Item">By what it is known again when it is refused once more.</param>
    /// <param name="Name">Its key in the tars, of all of which no two are the same.</param>
    private sealed record KeptItem(string Item, string Name);
}
