using InMARS.Stages.Shards;

namespace InMARS.Stages.Protocols;

/// <summary>CamVid as folders <c>images</c> and <c>labels</c> with the SegNet splits <c>train.txt</c>, <c>val.txt</c> and <c>test.txt</c>.</summary>
internal static class CamVidDownload
{
    private const int Void = 255;
    private static readonly string[] Splits = ["train", "val", "test"];
    private static readonly string[] Sets = [.. Splits, "listed"];

    private static readonly string[] Classes =
        ["sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car", "pedestrian", "bicyclist"];

    public static Protocol Protocol { get; } = new("camvid", Sets, Classes, Quirks.None, TakesLists: true, Open);

    private static PreparationPlan Open(PreparationRequest request)
    {
        var absences = new Absences(request.Source, Protocol.Name);
        var (images, labels) = (absences.Folder("images"), absences.Folder("labels"));
        var given = request.Lists.Count > 0;
        var listed = ImageList.Read(given ? request.Lists : [.. Splits.Select(set => Path.Combine(request.Source, $"{set}.txt"))], [], "", absences);
        var files = images is null ? Enumerable.Empty<string>().ToLookup(f => f) : Directory.EnumerateFiles(Path.Combine(request.Source, images)).ToLookup(f => Path.GetFileNameWithoutExtension(f));
        foreach (var image in images is null ? [] : listed.Where(i => !files.Contains(i.Name)))
        {
            absences.Add($"'{images}/{image.Name}.*'");
        }

        foreach (var image in labels is null ? [] : listed)
        {
            absences.File($"{labels}/{image.Name}.png");
        }

        absences.Refuse();
        return new PreparationPlan(
            listed.OrderBy(i => Array.IndexOf(Sets, SetOf(i))).Select(i => Read(SetOf(i), files[i.Name].First(), Path.Combine(request.Source, labels!, $"{i.Name}.png"))),
            $"{listed.Count} images of {(given ? "the given lists" : "train.txt, val.txt and test.txt")}, as they are");
    }

    private static string SetOf(ListedImage image) => Splits.FirstOrDefault(s => s == Path.GetFileNameWithoutExtension(image.File)) ?? Sets[^1];

    /// <summary>Bytes of the download, once both files were found good.</summary>
    private static PreparedImage Read(string set, string image, string label)
    {
        var (pixels, map) = (DownloadFiles.Image(image, 3), DownloadFiles.Map(label));
        DownloadFiles.SameSize(label, (map.Height, map.Width), (pixels.Height, pixels.Width));
        var unknown = Array.FindIndex(map.Ids, id => id >= Classes.Length && id != Void);
        return unknown >= 0
            ? throw DownloadFiles.Refusal(label, $"expected ids of 0 to 10, or 255, found {map.Ids[unknown]} at {Place.Of(unknown, map.Width)}")
            : new PreparedImage(set, ShardKey.OfFile(Path.GetFileName(image)), Path.GetExtension(image).TrimStart('.').ToLowerInvariant(), DownloadFiles.Bytes(image), DownloadFiles.Bytes(label));
    }
}
