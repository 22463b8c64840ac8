using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Reports;

/// <summary>A folder with <c>KEY.png</c> for every item; each file is whole as soon as it has its name.</summary>
/// <remarks>Faults: <c>write.key</c> for a key that leads out of the folder, <c>write.duplicate</c> for one met before.</remarks>
internal sealed class KeyedFolder(string folder) : IKeyedOutput
{
    private readonly HashSet<string> _written = [];

    public Fault? Add(Origin origin, byte[] png)
    {
        if (OutputKeys.Check(origin.Key) is { } fault)
        {
            return fault;
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

    public void Dispose()
    {
    }
}
