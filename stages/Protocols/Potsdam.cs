using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;

namespace InMARS.Stages.Protocols;

/// <summary>Which tiles there are and how they are cut.</summary>
/// <param name="Labelled">Tiles whose labels are part of the protocol, such as <c>2_10</c>.</param>
/// <param name="Unlabelled">The other ones: trained on, never scored, even where a later download has labels of them.</param>
/// <param name="Side">Side of a tile, in pixels.</param>
/// <param name="Grid">Crops along one side of a tile.</param>
public sealed record PotsdamTiles(IReadOnlyList<string> Labelled, IReadOnlyList<string> Unlabelled, int Side = 6000, int Grid = 15)
{
    /// <summary>38 tiles, 24 of them labelled, in 15 x 15 crops of 200 x 200 pixels each: 8,550 crops, 5,400 labelled.</summary>
    public static PotsdamTiles Official { get; } = new(
        [
            "2_10", "2_11", "2_12", "3_10", "3_11", "3_12", "4_10", "4_11", "4_12", "5_10", "5_11", "5_12",
            "6_7", "6_8", "6_9", "6_10", "6_11", "6_12", "7_7", "7_8", "7_9", "7_10", "7_11", "7_12",
        ],
        ["2_13", "2_14", "3_13", "3_14", "4_13", "4_14", "4_15", "5_13", "5_14", "5_15", "6_13", "6_14", "6_15", "7_13"]);

    /// <summary>Side of a crop, in pixels of the halved tile.</summary>
    public int Crop => Side / 2 / Grid;
}

/// <summary>One of the two Potsdam tasks of Ji et al., ICCV 2019.</summary>
/// <param name="Merged">Class of each of the six colours, in the order of <see cref="Potsdam.Colours"/>.</param>
public sealed record PotsdamTask(string Name, IReadOnlyList<ushort> Merged, IReadOnlyList<string> Classes);

/// <summary>The rules of Potsdam and Potsdam-3: colours, classes, crops. Every pixel of a labelled tile counts.</summary>
public static class Potsdam
{
    public static PotsdamTask Six { get; } = new("potsdam", [0, 1, 2, 3, 4, 5], ["road", "building", "low_vegetation", "tree", "car", "clutter"]);

    /// <summary>Roads with cars, buildings with clutter, low vegetation with trees.</summary>
    public static PotsdamTask Three { get; } = new("potsdam-3", [0, 1, 2, 2, 0, 1], ["road_car", "building_clutter", "vegetation_tree"]);

    /// <summary>Red, green and blue of roads, buildings, low vegetation, trees, cars and clutter.</summary>
    public static IReadOnlyList<(byte Red, byte Green, byte Blue)> Colours { get; } =
        [(255, 255, 255), (0, 0, 255), (0, 255, 255), (0, 255, 0), (255, 255, 0), (255, 0, 0)];

    /// <summary>A coloured label tile as classes.</summary>
    /// <param name="colours">Red, green, blue.</param>
    /// <returns>A map of the same size, or <c>protocol.unknown_colour</c>.</returns>
    public static Result<LabelMap> Classes(RgbImage colours, PotsdamTask task)
    {
        var byColour = Colours.Select((c, i) => (c, Class: task.Merged[i])).ToDictionary(p => Packed(p.c.Red, p.c.Green, p.c.Blue), p => p.Class);
        var ids = new ushort[colours.Height * colours.Width];
        // Neighbours mostly have one colour, so that the table is asked rarely.
        var (last, id) = (-1, (ushort)0);
        for (var i = 0; i < ids.Length; i++)
        {
            var (red, green, blue) = (colours.Pixels[3 * i], colours.Pixels[(3 * i) + 1], colours.Pixels[(3 * i) + 2]);
            var colour = Packed(red, green, blue);
            if (colour != last && !byColour.TryGetValue(colour, out id))
            {
                return new Fault(
                    "protocol.unknown_colour",
                    $"expected white, blue, cyan, green, yellow or red, found the colour ({red}, {green}, {blue}) at {Place.Of(i, colours.Width)}");
            }

            (last, ids[i]) = (colour, id);
        }

        return new LabelMap(colours.Height, colours.Width, ids);
    }

    /// <summary>Halves a tile and cuts it into crops, row by row.</summary>
    /// <param name="tile">As in the download, with its classes where it has any.</param>
    /// <returns>Row, column and crop of each; fresh images.</returns>
    public static IEnumerable<(int Row, int Column, RgbImage Image)> Crops(RgbImage tile, PotsdamTiles tiles)
    {
        var half = Shrinking.Shrink(tile, 0.5);
        return from row in Enumerable.Range(0, tiles.Grid)
               from column in Enumerable.Range(0, tiles.Grid)
               select (row, column, new PixelMap(Along(row, tiles.Crop), Along(column, tiles.Crop)).Move(half));
    }

    private static int[] Along(int place, int crop) => [.. Enumerable.Range(place * crop, crop)];

    private static int Packed(byte red, byte green, byte blue) => (red << 16) | (green << 8) | blue;
}
