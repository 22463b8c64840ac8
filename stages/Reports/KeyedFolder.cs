using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Reports;

/// <summary>A folder with <c>KEY.png</c> for every item; each file is whole as soon as it has its name.</summary>
/// <remarks>Faults: <c>write.key</c> for a key that leads out of the folder, <c>write.duplicate</c> for one met before.</remarks>
internal sealed class KeyedFolder(string folder) : IKeyedOutput
{
    private readonly HashSet<string> _written = [];

    public Fault? Add(Origin origin, byte[] png)
    {
        if (ShardKey.Unsafe(origin.Key) is { } reason)
        {
            return new Fault("write.key", $"key '{origin.Key}' {reason}; expected a relative name");
        }

        if (!_written.Add(origin.Key))
        {
            return new Fault("write.duplicate", $"the key '{origin.Key}' was written before; keys must differ, and a flow that writes needs one epoch");
        }

        Writing.File(Path.Combine(folder, $"{origin.Key}.png"), png);
        return null;
    }

    public void Commit()
    {
    }

    public void Carry(StateArchive state) => _written.UnionWith(state.Value("written", _written.Order(StringComparer.Ordinal).ToArray()));

    public void Dispose()
    {
    }
}
