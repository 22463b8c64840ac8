using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Images;

/// <summary>From the ids of the files to classes.</summary>
internal sealed class ClassTable
{
    private readonly ushort[] _classes = new ushort[ushort.MaxValue + 1];
    private readonly bool[]? _known;

    public ClassTable(LabelOptions options)
    {
        for (var id = 0; id < _classes.Length; id++)
        {
            _classes[id] = options.Classes is null ? (ushort)id : LabelMap.Ignore;
        }

        _known = options.Strict ? new bool[_classes.Length] : null;
        foreach (var (place, ids) in (options.Classes ?? []).Select((c, i) => (i, c.Value)))
        {
            foreach (var id in ids)
            {
                Set(id, (ushort)place);
            }
        }

        if (options.Ignore is { } ignore)
        {
            Set(ignore, LabelMap.Ignore);
        }
    }

    /// <summary>Puts the class of every id in its place.</summary>
    /// <returns>The same array, or <c>label.unknown_id</c> where only listed ids are allowed.</returns>
    public Result<ushort[]> Apply(ushort[] stored)
    {
        var unknown = _known is null ? -1 : Array.FindIndex(stored, id => !_known[id]);
        if (unknown >= 0)
        {
            return new Fault("label.unknown_id", $"id {stored[unknown]} is in no class; it stands first at pixel {unknown}, counted row by row");
        }

        foreach (ref var id in stored.AsSpan())
        {
            id = _classes[id];
        }

        return stored;
    }

    private void Set(int id, ushort place)
    {
        _classes[id] = place;
        if (_known is not null)
        {
            _known[id] = true;
        }
    }
}
