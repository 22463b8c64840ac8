using System.Collections.Immutable;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>What the files of a sample are, by their extensions.</summary>
/// <remarks>
/// Image: jpg, jpeg, png, webp, tif, tiff, bmp. Label: label.png, seg.png, mask.png, cls.png, the first of these that is there;
/// or plain png beside an image of another kind. Metadata: json. Everything else is passed over.
/// </remarks>
internal static class SampleRoles
{
    private const string Png = "png";

    private static readonly Result<ReadOnlyMemory<byte>?> Nothing = Result.Ok<ReadOnlyMemory<byte>?>(null);
    private static readonly ImmutableArray<string> Labels = ["label.png", "seg.png", "mask.png", "cls.png"];
    private static readonly ImmutableArray<string> Images = ["jpg", "jpeg", Png, "webp", "tif", "tiff", "bmp"];

    /// <summary>Whether a file of this extension, in lower case, is used at all.</summary>
    public static bool Wanted(string extension) => IsImage(extension) || Labels.Contains(extension) || extension == "json";

    public static bool IsImage(string extension) => Images.Contains(extension);

    public static bool IsExplicitLabel(string extension) => Labels.Contains(extension);

    /// <summary>The part that holds the label map; in a shard of label maps alone, that is the plain png.</summary>
    public static TarPart? Label(PartGroup files) => Explicit(files) ?? Find(files, Png);

    /// <summary>The part that holds a predicted map: any png, the plainest name first.</summary>
    public static TarPart? Prediction(PartGroup files) => files.Parts
        .Where(p => IsPng(p.Extension))
        .OrderBy(p => p.Extension.Length)
        .ThenBy(p => p.Extension, StringComparer.Ordinal)
        .FirstOrDefault();

    public static bool IsPng(string extension) => extension == Png || extension.EndsWith(".png", StringComparison.Ordinal);

    /// <summary>Why a group makes no sample: its own fault, <c>shard.no_image</c> or <c>shard.two_images</c>; null where its names tell nothing against it.</summary>
    public static Fault? Check(PartGroup files) => files.Fault ?? (HasOneImage(files) ? null : ImagesOf(files) switch
    {
        [] => new Fault("shard.no_image", $"sample has no image; expected one of {string.Join(", ", Images)}, found {Found(files)}"),
        [var a, { Extension: not Png } b, ..] => new Fault("shard.two_images", $"sample has two images, '{a.Extension}' and '{b.Extension}'; expected one"),
        _ => null,
    });

    /// <summary>The sample that a group makes, with its bytes read; or the fault of <see cref="Check"/>.</summary>
    /// <param name="arrays">What its bytes are rented from; null for arrays of its own.</param>
    public static Result<Sample> Read(PartGroup files, PartBodies bodies, ItemArrays? arrays = null)
    {
        if (Check(files) is { } fault)
        {
            return fault;
        }

        var image = Image(files);
        var label = Explicit(files) ?? (image.Extension == Png ? null : Find(files, Png));
        if (!bodies.Read(files.Shard, image, arrays).TryGet(out var pixels, out var why)
            || !Maybe(files, label, bodies, arrays).TryGet(out var truth, out why)
            || !Maybe(files, Find(files, "json"), bodies, arrays).TryGet(out var json, out why))
        {
            return why;
        }

        return new Sample(new Origin(files.Shard, files.Key), $"{files.Key}.{image.Extension}", pixels, truth, json);
    }

    /// <summary>The image of a group that has one, or one and a png, which then is its label map.</summary>
    private static TarPart Image(PartGroup files)
    {
        for (var i = 0; i < files.Parts.Count; i++)
        {
            if (IsImage(files.Parts[i].Extension) && files.Parts[i].Extension != Png)
            {
                return files.Parts[i];
            }
        }

        return Find(files, Png)!;
    }

    private static bool HasOneImage(PartGroup files)
    {
        var images = 0;
        for (var i = 0; i < files.Parts.Count; i++)
        {
            images += IsImage(files.Parts[i].Extension) ? 1 : 0;
        }

        return images == 1;
    }

    /// <summary>Images of a group; a png beside one of another kind comes last.</summary>
    private static List<TarPart> ImagesOf(PartGroup files) => [.. files.Parts.Where(p => IsImage(p.Extension)).OrderBy(p => p.Extension == Png)];

    private static Result<ReadOnlyMemory<byte>?> Maybe(PartGroup files, TarPart? part, PartBodies bodies, ItemArrays? arrays) =>
        part is null ? Nothing : bodies.Read(files.Shard, part, arrays).Map<ReadOnlyMemory<byte>?>(there => there);

    private static TarPart? Explicit(PartGroup files)
    {
        foreach (var label in Labels)
        {
            if (Find(files, label) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static TarPart? Find(PartGroup files, string extension)
    {
        for (var i = 0; i < files.Parts.Count; i++)
        {
            if (files.Parts[i].Extension == extension)
            {
                return files.Parts[i];
            }
        }

        return null;
    }

    private static string Found(PartGroup files) => string.Join(", ", files.Parts.Select(p => $"'{p.Extension}'"));
}
