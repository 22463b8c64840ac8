using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Images;

/// <summary>How the label map of a sample is read.</summary>
/// <param name="Use">False leaves label maps undecoded.</param>
/// <param name="Required">True makes a sample without one a fault.</param>
/// <param name="Strict">True makes an id that is in no class a fault.</param>
/// <param name="Ignore">Id in the files for pixels of unknown class; null for none.</param>
/// <param name="Classes">Names and their ids in the files; a class is numbered by its place. Null keeps the ids of the files.</param>
public sealed record LabelOptions(
    bool Use, bool Required, bool Strict, int? Ignore, IReadOnlyList<KeyValuePair<string, IReadOnlyList<int>>>? Classes)
{
    public static LabelOptions Default { get; } = new(true, false, false, 255, null);

    public static LabelOptions Read(Fields f)
    {
        var id = Decode.WholeNumber.Between(0, ushort.MaxValue);
        var options = new LabelOptions(
            f.Get("use", Decode.YesNo, Default.Use, "false leaves label maps undecoded."),
            f.Get("required", Decode.YesNo, Default.Required, "true makes a sample without a label map a fault."),
            f.Get("strict", Decode.YesNo, Default.Strict, "true makes an id that is in no class a fault; otherwise such pixels are ignored."),
            f.Get("ignore", id.Or("none"), Default.Ignore, "Id of pixels that are neither trained on nor scored."),
            f.Optional("classes", Decode.MapOf(Decode.ListOf(id)), "Class names and their ids in the files: {sky: [0], road: [3, 4]}. Classes are numbered in this order; without it the ids are kept."));
        RefuseContradictions(f, options);
        return options;
    }

    private static void RefuseContradictions(Fields f, LabelOptions options)
    {
        if (options is { Required: true, Use: false } && f.Node["use"].Scalar == "false")
        {
            f.Refuse("required", "labels cannot be required and not used");
        }

        if (options is { Strict: true, Classes: null } && f.Node["classes"].IsAbsent)
        {
            f.Refuse("strict", "strict needs classes, which say what ids there are");
        }

        var claimed = new Dictionary<int, string>();
        foreach (var (name, ids) in options.Classes ?? [])
        {
            foreach (var id in ids)
            {
                RefuseTwice(f, options, claimed, (name, id));
            }
        }
    }

    private static void RefuseTwice(Fields f, LabelOptions options, Dictionary<int, string> claimed, (string Name, int Id) found)
    {
        if (found.Id == options.Ignore)
        {
            f.Refuse("classes", $"id {found.Id} of '{found.Name}' is the ignore id");
        }
        else if (!claimed.TryAdd(found.Id, found.Name))
        {
            f.Refuse("classes", $"id {found.Id} is listed for '{claimed[found.Id]}' and for '{found.Name}'");
        }
    }
}
