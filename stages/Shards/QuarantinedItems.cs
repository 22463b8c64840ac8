using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>The items that lie in the quarantine of a flow, and the tars without those that have left it.</summary>
public static class QuarantinedItems
{
    private static readonly PartFilter Everything = new(_ => true, ShardLimits.OwnFiles);

    /// <summary>What is said of each item, by its name in the tars.</summary>
    /// <exception cref="RunException">A tar is damaged.</exception>
    public static IReadOnlyDictionary<string, QuarantineRecord> Read(string folder, string flow) => ShardQuarantine.Tars(folder, flow)
        .SelectMany(Groups)
        .Select(item => (item.Name, Record: Record(item.Parts)))
        .Where(item => item.Record is not null)
        .ToDictionary(item => item.Name, item => item.Record!);

    /// <summary>Names in the tars of items whose record is gone, so that nobody knows where they came from.</summary>
    /// <exception cref="RunException">A tar is damaged.</exception>
    public static IReadOnlyList<string> Unknown(string folder, string flow) =>
        [.. ShardQuarantine.Tars(folder, flow).SelectMany(Groups).Where(item => Record(item.Parts) is null).Select(item => item.Name)];

    /// <summary>Writes the tars anew, each beside the old one, which it then replaces; one that would be empty goes.</summary>
    /// <param name="records">What is to be said of the items that stay; the others leave.</param>
    /// <exception cref="RunException">A tar is damaged, or the disk is full.</exception>
    public static void Keep(string folder, string flow, IReadOnlyDictionary<string, QuarantineRecord> records)
    {
        // From the last on, since tars are numbered without a gap.
        var tars = ShardQuarantine.Tars(folder, flow).Reverse().ToList();
        var gap = false;
        foreach (var tar in tars)
        {
            var staying = Groups(tar).Where(item => records.ContainsKey(item.Name) || Record(item.Parts) is null).ToList();
            gap |= staying.Count > 0;
            if (staying.Count == 0 && !gap)
            {
                File.Delete(tar);
                continue;
            }

            Write(tar, staying, records);
        }
    }

    private static void Write(string tar, List<(string Name, List<ShardPart> Parts)> items, IReadOnlyDictionary<string, QuarantineRecord> records)
    {
        using var writer = ShardWriter.Create(tar);
        foreach (var (name, parts) in items)
        {
            var written = records.TryGetValue(name, out var record)
                ? parts.Select(part => part.Extension == "json" ? part with { Bytes = record.ToJson() } : part).ToList()
                : parts;
            if (writer.Write(name, written) is { } fault)
            {
                throw new RunException($"cannot write '{tar}': {fault.Message}");
            }
        }

        writer.Commit();
    }

    private static QuarantineRecord? Record(List<ShardPart> parts) =>
        parts.Find(part => part.Extension == "json") is { Extension: not null, Bytes: var json } ? QuarantineRecord.Of(json.ToArray()) : null;

    /// <remarks>Files may be empty here: they are kept as they came.</remarks>
    private static IEnumerable<(string Name, List<ShardPart> Parts)> Groups(string tar)
    {
        using var bodies = new PartBodies();
        foreach (var group in TarShard.Groups(tar, Everything))
        {
            yield return group.IsCut
                ? throw new RunException($"'{tar}' is damaged: {group.Fault!.Message}")
                : (group.Key, [.. group.Parts.Select(part => new ShardPart(part.Extension, bodies.Read(tar, part).Match(b => b, fault => throw new RunException($"cannot read '{tar}': {fault.Message}"))))]);
        }
    }
}
