using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Protocols;

/// <summary>What was written of one set.</summary>
public sealed record PreparedSet(string Name, int Images, int Shards);

/// <summary>Writes images, which come set by set, into shards of 1,000. Disposed before it is finished, it drops the last shard.</summary>
internal sealed class ShardSeries(string folder) : IDisposable
{
    private const int PerShard = 1000;
    private readonly List<PreparedSet> _sets = [];
    private ShardWriter? _shard;
    private long _count;

    /// <returns>Images written so far.</returns>
    /// <exception cref="RunException">The disk is full, or a key cannot be one.</exception>
    public long Add(PreparedImage image)
    {
        if (_sets is not [.., { } set] || set.Name != image.Set)
        {
            Close();
            _sets.Add(new PreparedSet(image.Set, 0, 0));
        }
        else if (set.Images % PerShard == 0)
        {
            Close();
        }

        Write(image);
        return ++_count;
    }

    /// <summary>Ends the last shard.</summary>
    public IReadOnlyList<PreparedSet> Finish()
    {
        Close();
        return _sets;
    }

    public void Dispose() => _shard?.Dispose();

    private void Write(PreparedImage image)
    {
        var set = _sets[^1];
        _shard ??= ShardWriter.Create(Path.Combine(folder, $"{set.Name}-{set.Shards:D6}.tar"));
        _sets[^1] = set with { Images = set.Images + 1, Shards = (set.Images / PerShard) + 1 };
        var picture = new ShardPart(image.Extension, image.Image);
        IReadOnlyList<ShardPart> parts = image.Label is { } label ? [picture, new ShardPart("label.png", label)] : [picture];
        if (_shard.Write(image.Key, parts) is { } fault)
        {
            throw new RunException($"cannot pack '{image.Key}': {fault.Message}");
        }
    }

    private void Close()
    {
        _shard?.Commit();
        _shard?.Dispose();
        _shard = null;
    }
}
