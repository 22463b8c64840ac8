using System.Formats.Tar;
using InMARS.Stages.Images;
using InMARS.Stages.Protocols;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Protocols;

/// <summary>Tiny downloads of the same layout as the real ones, and what is made of them.</summary>
internal static class Downloads
{
    /// <summary>Two labelled tiles and one unlabelled, 16 x 16 pixels each, in 2 x 2 crops of 4 x 4.</summary>
    public static PotsdamTiles Tiles { get; } = new(["2_10", "7_7"], ["2_13"], Side: 16, Grid: 2);

    /// <summary>A tile whose 2 x 2 blocks have the mean (10 row + column) in every band, plus 1 a band; the truth is one colour a quarter.</summary>
    public static void Potsdam(TemporaryFolder folder, string labels = "5_Labels_all")
    {
        foreach (var tile in Tiles.Labelled.Concat(Tiles.Unlabelled))
        {
            Save(folder, $"raw/4_Ortho_RGBIR/top_potsdam_{tile}_RGBIR.tif", Pictures.Encode(".tif", Tile(4)));
            Save(folder, $"raw/2_Ortho_RGB/top_potsdam_{tile}_RGB.tif", Pictures.Encode(".tif", Tile(3)));
            SaveTruth(folder, $"raw/{labels}/top_potsdam_{tile}_label.tif", [255, 255, 255], [0, 0, 255], [255, 255, 0], [255, 0, 0]);
        }
    }

    public static void SaveTruth(TemporaryFolder folder, string file, params byte[][] quarters)
    {
        var pixels = Enumerable.Range(0, 256).SelectMany(i => quarters[(i / 16 / 8 * 2) + (i % 16 / 8)]).ToArray();
        Save(folder, file, Pictures.Encode(".tif", new RgbImage(Pictures.Origin, 16, 16, 3, pixels)));
    }

    /// <summary>A JPEG of one colour and a map of four columns of fine ids.</summary>
    public static void Coco(TemporaryFolder folder, string set, string name, (int Height, int Width) size, params byte[] columns)
    {
        Save(folder, $"raw/{set}/{name}.jpg", Pictures.Encode(".jpg", Pictures.Flat(size.Height, size.Width, 200, 100, 50)));
        var ids = Enumerable.Range(0, size.Height * size.Width).Select(i => columns[i % size.Width * columns.Length / size.Width]).ToArray();
        Save(folder, $"raw/stuffthingmaps_trainval2017/{set}/{name}.png", Pictures.Encode(".png", size.Height, size.Width, ids));
    }

    public static void Save(TemporaryFolder folder, string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[file])!);
        File.WriteAllBytes(folder[file], bytes);
    }

    /// <summary>Prepares into a folder and gives all its entries, <c>shard/name</c>, in order.</summary>
    public static Dictionary<string, byte[]> Prepare(TemporaryFolder folder, Protocol protocol, Quirks quirks = Quirks.None, int bands = 4, params string[] lists)
    {
        var output = Directory.CreateDirectory(folder["out"]).FullName;
        _ = ProtocolShards.Write(protocol, new PreparationRequest(folder["raw"], lists, quirks, bands), output);
        return Entries(output);
    }

    public static Dictionary<string, byte[]> Entries(string output) => Directory.GetFiles(output, "*.tar").Order(StringComparer.Ordinal)
        .SelectMany(shard => Read(shard).Select(e => ($"{Path.GetFileNameWithoutExtension(shard)}/{e.Name}", e.Bytes)))
        .ToDictionary(e => e.Item1, e => e.Bytes);

    /// <summary>The ids that a label map stores, row by row.</summary>
    public static int[] Ids(byte[] map) => [.. LabelDecoding.Stored(map, 1_000_000).Value().Ids.Select(id => (int)id)];

    public static RgbImage Image(byte[] file, int bands = 3) => new Decoding(DecodingOptions.Default with { Bands = bands }).Decode(Pictures.Sample(file)).Value();

    private static RgbImage Tile(int bands)
    {
        // Above and below the mean by 4, so that only a mean of the whole block is right.
        var pixels = Enumerable.Range(0, 256)
            .SelectMany(i => Enumerable.Range(0, bands).Select(b => (byte)((10 * (i / 32)) + (i % 16 / 2) + 20 + b + (i % 2 == 0 ? 4 : -4))))
            .ToArray();
        return new RgbImage(Pictures.Origin, 16, 16, bands, pixels);
    }

    private static List<(string Name, byte[] Bytes)> Read(string shard)
    {
        using var file = File.OpenRead(shard);
        using var reader = new TarReader(file);
        List<(string, byte[])> entries = [];
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            using var bytes = new MemoryStream();
            entry.DataStream!.CopyTo(bytes);
            entries.Add((entry.Name, bytes.ToArray()));
        }

        return entries;
    }
}
