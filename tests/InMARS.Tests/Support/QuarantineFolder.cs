using System.Formats.Tar;
using InMARS.Stages.Shards;

namespace InMARS.Tests.Support;

/// <summary>What lies in the quarantine of a run.</summary>
/// <param name="folder">The folder of the tars.</param>
internal sealed class QuarantineFolder(string folder)
{
    /// <summary>The files in the tars of a flow by their names; a damaged tar throws.</summary>
    public IReadOnlyDictionary<string, byte[]> Files(string flow) =>
        ShardQuarantine.Tars(folder, flow).SelectMany(Entries).ToDictionary(e => e.Name, e => e.Bytes);

    public IReadOnlyList<QuarantineRecord> Records(string flow) =>
        [.. Files(flow).Where(f => f.Key.EndsWith(".json", StringComparison.Ordinal)).Select(f => QuarantineRecord.Of(f.Value)!)];

    /// <summary>As <see cref="RunFolder.Rejects"/> tells them.</summary>
    public IReadOnlyList<string> Told(string flow) =>
        [.. Records(flow).Select(r => $"{Path.GetFileName(r.Shard)} {r.Key} {r.Stage} {r.Code}").Order(StringComparer.Ordinal)];

    public static IEnumerable<(string Name, byte[] Bytes)> Entries(string tar)
    {
        using var reader = new TarReader(File.OpenRead(tar));
        while (reader.GetNextEntry() is { } entry)
        {
            var bytes = new MemoryStream();
            entry.DataStream?.CopyTo(bytes);
            yield return (entry.Name, bytes.ToArray());
        }
    }
}
