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
    private static readonly ImmutableArray<string> Labels = ["label.png", "seg.png", "mask.png", "cls.png"];
    private static readonly ImmutableArray<string> Images = ["jpg", "jpeg", "png", "webp", "tif", "tiff", "bmp"];

    /// <summary>Whether a file of this extension, in lower case, is used at all.</summary>
    public static bool Wanted(string extension) => IsImage(extension) || Labels.Contains(extension) || extension == "json";

    public static bool IsImage(string extension) => Images.Contains(extension);

    public static bool IsExplicitLabel(string extension) => Labels.Contains(extension);

    /// <summary>The part that holds the label map; in a shard of label maps alone, that is the plain png.</summary>
    public static TarPart? Label(PartGroup files) => Explicit(files) ?? files.Parts.FirstOrDefault(p => p.Extension == "png");

    /// <summary>The part that holds a predicted map: any png, the plainest name first.</summary>
    public static TarPart? Prediction(PartGroup files) => files.Parts
        .Where(p => IsPng(p.Extension))
        .OrderBy(p => p.Extension.Length)
        .ThenBy(p => p.Extension, StringComparer.Ordinal)
        .FirstOrDefault();

    public static bool IsPng(string extension) => extension == "png" || extension.EndsWith(".png", StringComparison.Ordinal);

    /// <summary>Why a group makes no sample: its own fault, <c>shard.no_image</c> or <c>shard.two_images</c>; null where its names tell nothing against it.</summary>
    public static Fault? Check(PartGroup files) => files.Fault ?? (HasOneImage(files) ? null : ImagesOf(files) switch
    {
        [] => new Fault("shard.no_image", $"sample has no image; expected one of {string.Join(", ", Images)}, found {Found(files)}"),
        [var a, { Extension: not "png" } b, ..] => new Fault("shard.two_images", $"sample has two images, '{a.Extension}' and '{b.Extension}'; expected one"),
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

        var images = ImagesOf(files);
        return Read(files, images[0], Explicit(files) ?? images.ElementAtOrDefault(1), part => bodies.Read(files.Shard, part, arrays));
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
    private static List<TarPart> ImagesOf(PartGroup files) => [.. files.Parts.Where(p => IsImage(p.Extension)).OrderBy(p => p.Extension == "png")];

    private static Result<Sample> Read(PartGroup files, TarPart image, TarPart? label, Func<TarPart, Result<ReadOnlyMemory<byte>>> bytes) =>
        from pixels in bytes(image)
        from truth in Maybe(label, bytes)
        from json in Maybe(files.Parts.FirstOrDefault(p => p.Extension == "json"), bytes)
        select new Sample(new Origin(files.Shard, files.Key), $"{files.Key}.{image.Extension}", pixels, truth, json);

    private static Result<ReadOnlyMemory<byte>?> Maybe(TarPart? part, Func<TarPart, Result<ReadOnlyMemory<byte>>> bytes) =>
        part is null ? Result.Ok<ReadOnlyMemory<byte>?>(null) : bytes(part).Map<ReadOnlyMemory<byte>?>(there => there);

    private static TarPart? Explicit(PartGroup files) =>
        Labels.Select(label => files.Parts.FirstOrDefault(p => p.Extension == label)).FirstOrDefault(p => p is not null);

    private static string Found(PartGroup files) => string.Join(", ", files.Parts.Select(p => $"'{p.Extension}'"));
}
