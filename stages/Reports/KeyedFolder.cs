using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Reports;

/// <summary>A folder with <c>KEY.png</c> for every item; each file is whole as soon as it has its name.</summary>
/// <remarks>Faults: <c>write.key</c> for a key that leads out of the folder, <c>write.duplicate</c> for one met before.</remarks>
internal sealed class KeyedFolder(string folder) : IKeyedOutput
{
    private readonly HashSet<string> _written = [];
    private readonly List<string> _inOrder = [];
    private readonly string _start = Path.Join(Path.GetFullPath(folder), "/");
    private string _made = "";

    public Fault? Add(Origin origin, ReadOnlyMemory<byte> png)
    {
        if (ShardKey.Unsafe(origin.Key) is { } reason)
        {
            return new Fault("write.key", $"key '{origin.Key}' {reason}; expected a relative name");
        }

        if (!_written.Add(origin.Key))
        {
            return new Fault("write.duplicate", $"the key '{origin.Key}' was written before; keys must differ, and a flow that writes needs one epoch");
        }

        _inOrder.Add(origin.Key);
        var path = $"{_start}{origin.Key}.png";
        MakeFolder(path);
        AtomicFile.Write(path, png, durable: false);
        return null;
    }

    public void Commit()
    {
    }

    public void Carry(StateArchive state)
    {
        var written = state.Added("written", _inOrder);
        if (state.Loading)
        {
            _inOrder.AddRange(written);
            _written.UnionWith(written);
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Neighbours lie in one folder mostly.</summary>
    private void MakeFolder(string path)
    {
        var its = Path.GetDirectoryName(path.AsSpan());
        if (!its.SequenceEqual(_made))
        {
            _made = its.ToString();
            _ = Writing.To(path, () => Directory.CreateDirectory(_made));
        }
    }
}
