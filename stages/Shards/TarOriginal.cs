using System.Globalization;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>Reads a sample again as it lies in its shard, by its place; a compressed shard is unpacked up to there.</summary>
internal static class TarOriginal
{
    public static Original Of(PartGroup group, PartFilter filter)
    {
        var place = HoldsBytes(group) ? group with { Parts = [.. group.Parts.Select(part => part with { Bytes = null })] } : group;
        var offset = place.Parts is [var first, ..] ? first.Offset : -1;
        return new Original(group.Number.ToString(CultureInfo.InvariantCulture), offset < 0 ? null : offset, () => Read(place, filter));
    }

    /// <summary>Whether bytes would stay in memory as long as the group does.</summary>
    private static bool HoldsBytes(PartGroup group)
    {
        for (var i = 0; i < group.Parts.Count; i++)
        {
            if (group.Parts[i].Bytes is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static OriginalItem Read(PartGroup place, PartFilter filter)
    {
        var files = new OriginalFiles();
        if (Find(place, filter) is not { } group)
        {
            files.Note($"the shard '{place.Shard}' has changed since it was read");
            return files.Gathered();
        }

        if (group.IsCut)
        {
            files.Note(group.Fault!.Message);
        }

        using var bodies = new PartBodies();
        foreach (var part in group.Parts)
        {
            files.Add(part.Extension, part.Absent is { } why ? new Fault("shard.absent", why) : bodies.Read(group.Shard, part));
        }

        return files.Gathered();
    }

    private static PartGroup? Find(PartGroup place, PartFilter filter)
    {
        var packed = place.Parts.Any(part => part is { Offset: < 0, Absent: null });
        var found = packed ? TarShard.Groups(place.Shard, filter).ElementAtOrDefault((int)place.Number) : place;
        return found?.Key == place.Key ? found : null;
    }
}
