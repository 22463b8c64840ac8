using InMARS.Stages.Images;

namespace InMARS.Stages.Protocols;

/// <summary>The ISPRS download of Potsdam: tiles as TIFF, labels as colours.</summary>
internal static class PotsdamDownload
{
    private const string LabelledSet = "labelled";
    private const string UnlabelledSet = "unlabelled";

    public static Protocol Protocol(PotsdamTask task, PotsdamTiles tiles) => new(
        task.Name, [LabelledSet, UnlabelledSet], task.Classes, Quirks.None, TakesLists: false, request => Open(request, task, tiles));

    private static PreparationPlan Open(PreparationRequest request, PotsdamTask task, PotsdamTiles tiles)
    {
        var absences = new Absences(request.Source, task.Name);
        var folder = absences.Folder(request.Bands == 4 ? "4_Ortho_RGBIR" : "2_Ortho_RGB");
        var labels = absences.Folder("5_Labels_all", "5_Labels_for_participants");
        foreach (var tile in folder is null ? [] : tiles.Labelled.Concat(tiles.Unlabelled))
        {
            absences.File($"{folder}/{ImageName(tile, request.Bands)}");
        }

        foreach (var tile in labels is null ? [] : tiles.Labelled)
        {
            absences.File($"{labels}/{LabelName(tile)}");
        }

        absences.Refuse();
        return new PreparationPlan(
            Images(request, task, tiles, (Path.Combine(request.Source, folder!), Path.Combine(request.Source, labels!))),
            $"{tiles.Labelled.Count} labelled and {tiles.Unlabelled.Count} unlabelled tiles, {request.Bands} bands, {tiles.Grid} x {tiles.Grid} crops of {tiles.Crop} x {tiles.Crop} pixels each");
    }

    private static IEnumerable<PreparedImage> Images(PreparationRequest request, PotsdamTask task, PotsdamTiles tiles, (string Images, string Labels) folders)
    {
        var labelled = tiles.Labelled.Select(tile => (Set: LabelledSet, Tile: tile, Label: (string?)Path.Combine(folders.Labels, LabelName(tile))));
        var others = tiles.Unlabelled.Select(tile => (Set: UnlabelledSet, Tile: tile, Label: (string?)null));
        return from t in labelled.Concat(others)
               from crop in Potsdam.Crops(Tile(Path.Combine(folders.Images, ImageName(t.Tile, request.Bands)), t.Label, request.Bands, (task, tiles)), tiles)
               select PreparedImage.Of(t.Set, $"{t.Tile}_r{crop.Row:D2}_c{crop.Column:D2}", crop.Image);
    }

    private static RgbImage Tile(string file, string? label, int bands, (PotsdamTask Task, PotsdamTiles Tiles) rules)
    {
        var size = (rules.Tiles.Side, rules.Tiles.Side);
        var image = DownloadFiles.Image(file, bands);
        DownloadFiles.SameSize(file, (image.Height, image.Width), size);
        if (label is null)
        {
            return image;
        }

        var colours = DownloadFiles.Image(label, 3);
        DownloadFiles.SameSize(label, (colours.Height, colours.Width), size);
        return image with { Truth = Potsdam.Classes(colours, rules.Task).OrRefuse(label) };
    }

    private static string ImageName(string tile, int bands) => $"top_potsdam_{tile}_{(bands == 4 ? "RGBIR" : "RGB")}.tif";

    private static string LabelName(string tile) => $"top_potsdam_{tile}_label.tif";
}
