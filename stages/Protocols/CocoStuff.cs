using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;

namespace InMARS.Stages.Protocols;

/// <summary>One of the two COCO-Stuff tasks of Ji et al., ICCV 2019.</summary>
/// <param name="Coarse">Coarse classes in the order of the task's own class ids.</param>
/// <param name="Classes">Their names.</param>
/// <param name="List">Name of its curated list, without extension.</param>
public sealed record CocoStuffTask(string Name, IReadOnlyList<int> Coarse, IReadOnlyList<string> Classes, string List);

/// <summary>The rules of COCO-Stuff-15 and COCO-Stuff-3: classes, filter, scale.</summary>
/// <remarks>
/// Ji et al., "Invariant information clustering", ICCV 2019, as its code has them: 182 fine classes belong to 27 coarse
/// ones, of which 0 to 11 are things and 12 to 26 stuff.
/// </remarks>
public static class CocoStuff
{
    /// <summary>Factor by which images and label maps shrink.</summary>
    public const double Scale = 0.33;

    /// <summary>Shortest side of an image that is used, in pixels of the download.</summary>
    public const int LeastSide = 360;

    /// <summary>Least share of an image that the wanted classes cover.</summary>
    public const double LeastShare = 0.75;

    /// <summary>Id of unlabelled pixels in the download.</summary>
    public const ushort Unlabelled = 255;

    private static readonly string[] Stuff =
    [
        "ceiling", "floor", "food", "furniture", "rawmaterial", "textile", "wall", "window", "building", "ground", "plant", "sky", "solid", "structural", "water",
    ];

    public static CocoStuffTask Fifteen { get; } = new("coco-stuff-15", [.. Enumerable.Range(12, 15)], Stuff, "Coco164kFull_Stuff_Coarse_7");

    public static CocoStuffTask Three { get; } = new("coco-stuff-3", [23, 22, 21], ["sky", "plant", "ground"], "Coco164kFew_Stuff_6");

    /// <summary>Coarse class of each fine one.</summary>
    public static IReadOnlyList<byte> CoarseOf { get; } =
    [
        9, 11, 11, 11, 11, 11, 11, 11, 11, 8, 8, 8, 8, 8, 8, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6,
        6, 6, 6, 6, 6, 6, 6, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 5, 5, 5, 5, 5, 5, 5, 5, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 1,
        1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 4, 4, 4, 17, 17, 22, 20, 20, 22, 15, 25, 16, 13, 12, 12, 17,
        17, 23, 15, 15, 17, 15, 21, 15, 25, 13, 13, 13, 13, 13, 22, 26, 14, 14, 15, 22, 21, 21, 24, 20, 22, 15,
        17, 16, 15, 22, 24, 21, 17, 25, 16, 21, 17, 22, 16, 21, 21, 25, 21, 26, 21, 24, 20, 17, 14, 21, 26, 15,
        23, 20, 21, 24, 15, 24, 22, 25, 15, 20, 17, 17, 22, 14, 18, 18, 18, 18, 18, 18, 18, 26, 26, 19, 19, 24,
    ];

    /// <summary>Whether an image is part of the set where no list says so.</summary>
    /// <param name="stored">Fine classes at the size of the download.</param>
    /// <param name="leastSide">In pixels; <see cref="LeastSide"/> but in tests.</param>
    public static bool IsWanted(LabelMap stored, CocoStuffTask task, int leastSide = LeastSide) =>
        stored.Height >= leastSide && stored.Width >= leastSide
        && stored.Ids.LongCount(id => id < CoarseOf.Count && task.Coarse.Contains(CoarseOf[id])) >= LeastShare * stored.Ids.Length;

    /// <summary>Fine classes as the classes of a task; everything else is <see cref="LabelMap.Ignore"/>.</summary>
    /// <returns>A fresh map, or <c>protocol.unknown_id</c>.</returns>
    public static Result<LabelMap> Classes(LabelMap stored, CocoStuffTask task, Quirks quirks)
    {
        var unknown = Array.FindIndex(stored.Ids, id => id >= CoarseOf.Count && id != Unlabelled);
        if (unknown >= 0)
        {
            return new Fault("protocol.unknown_id", $"expected ids of 0 to 181, or 255, found {stored.Ids[unknown]} at {Place.Of(unknown, stored.Width)}");
        }

        var table = Table(task, quirks);
        return stored with { Ids = Array.ConvertAll(stored.Ids, id => table[id]) };
    }

    private static ushort[] Table(CocoStuffTask task, Quirks quirks)
    {
        var table = Enumerable.Repeat(LabelMap.Ignore, Unlabelled + 1).ToArray();
        for (var fine = 0; fine < CoarseOf.Count; fine++)
        {
            var place = task.Coarse.ToList().IndexOf(CoarseOf[fine]);
            table[fine] = place < 0 ? LabelMap.Ignore : (ushort)place;
        }

        // The published code fills the three-class map with zeros first, and 0 is the sky.
        table[Unlabelled] = quirks.HasFlag(Quirks.UnlabelledIsSky) ? (ushort)0 : LabelMap.Ignore;
        return table;
    }
}
