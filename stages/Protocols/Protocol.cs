namespace InMARS.Stages.Protocols;

/// <summary>A benchmark whose download can be made into shards.</summary>
/// <param name="Name">As users write it.</param>
/// <param name="Sets">Names of its sets; each becomes shards of its own.</param>
/// <param name="Classes">Names of the classes, in the order of their ids; pixels of none have the id 255.</param>
/// <param name="Allowed">Quirks that it has.</param>
/// <param name="TakesLists">Whether lists may say which images belong to it.</param>
/// <param name="Open">Looks at the download and tells everything that is missing from it, or gives the images one by one.</param>
public sealed record Protocol(
    string Name,
    IReadOnlyList<string> Sets,
    IReadOnlyList<string> Classes,
    Quirks Allowed,
    bool TakesLists,
    Func<PreparationRequest, PreparationPlan> Open)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Protocol> All { get; } =
    [
        PotsdamDownload.Protocol(Potsdam.Six, PotsdamTiles.Official),
        PotsdamDownload.Protocol(Potsdam.Three, PotsdamTiles.Official),
        CocoDownload.Protocol(CocoStuff.Fifteen, Quirks.MaskTrainingWithLabels),
        CocoDownload.Protocol(CocoStuff.Three, Quirks.MaskTrainingWithLabels | Quirks.UnlabelledIsSky),
        CamVidDownload.Protocol,
    ];
}

/// <summary>What is to be prepared.</summary>
/// <param name="Source">Folder of the download.</param>
/// <param name="Lists">Lists of images, or a folder of them; none takes what the protocol's own rule takes.</param>
/// <param name="Bands">Potsdam: 4 with near infrared, as in the protocol, or 3.</param>
public sealed record PreparationRequest(string Source, IReadOnlyList<string> Lists, Quirks Quirks = Quirks.None, int Bands = 4);

/// <summary>A download that was found whole.</summary>
/// <param name="Images">Read as they are asked for, set by set.</param>
/// <param name="Rule">One sentence that says which images they are.</param>
public sealed record PreparationPlan(IEnumerable<PreparedImage> Images, string Rule);

/// <summary>One sample, ready for its shard.</summary>
/// <param name="Set">One of <see cref="Protocol.Sets"/>.</param>
/// <param name="Extension">Of the image, such as <c>png</c>.</param>
/// <param name="Label">A PNG of class ids; null where the protocol has none.</param>
public sealed record PreparedImage(string Set, string Key, string Extension, byte[] Image, byte[]? Label)
{
    /// <summary>A decoded image as a lossless one.</summary>
    internal static PreparedImage Of(string set, string key, Images.RgbImage image) =>
        new(set, key, "png", Shrinking.Png(image), image.Truth is { } truth ? Map(truth) : null);

    private static byte[] Map(Images.LabelMap truth) =>
        Reports.Png.Grey8(truth.Height, truth.Width, Array.ConvertAll(truth.Ids, id => (byte)Math.Min(id, (ushort)byte.MaxValue)));
}
