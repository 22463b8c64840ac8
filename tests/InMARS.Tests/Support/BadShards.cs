using System.Formats.Tar;
using System.Text;
using InMARS.Stages.Learning;
using InMARS.Stages.Reports;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Stages.Shards;
using static TorchSharp.torch;

namespace InMARS.Tests.Support;

/// <summary>Small inputs, whole ones and some with every defect that users meet.</summary>
internal static class BadShards
{
    private const int Edge = 32;

    /// <summary>What <see cref="Write"/> puts wrong: shard, key, stage and code of each reject, in ordinal order.</summary>
    public static readonly string[] Defects =
    [
        "a.tar big image.decode image.too_large",
        "a.tar cut image.decode image.decode",
        "a.tar empty shard.read shard.empty_file",
        "a.tar ids image.decode label.unknown_id",
        "a.tar label_only shard.read shard.no_image",
        "a.tar size image.decode label.size",
        "a.tar text image.decode image.format",
        "a.tar tiny superpixel.slic superpixel.too_small",
        "a.tar zero image.decode image.empty",
        "b.tar b1 shard.read shard.truncated",
        "c.tar ../../up.png shard.read shard.unsafe_name",
        "c.tar /etc/x.png shard.read shard.unsafe_name",
        "c.tar c0 shard.read shard.duplicate_key",
        "d.tar  shard.read shard.truncated",
        "e.tar  shard.read shard.damaged",
    ];

    /// <summary>The keys of the whole items in them.</summary>
    public static readonly string[] Good = ["a0", "a1", "b0", "c0", "c1", "z0"];

    public static byte[] Image(int width = Edge, int height = Edge) => Png.Rgb8(
        height, width, Enumerable.Range(0, height * width * 3).Select(i => (byte)((i / 3 % width / 8 * 60) + (i * 7919 % 40))).ToArray());

    public static byte[] Labels(int edge = Edge, byte most = 1) =>
        Png.Grey8(edge, edge, Enumerable.Range(0, edge * edge).Select(i => i % edge < edge / 2 ? (byte)0 : most).ToArray());

    public static (string Name, byte[] Bytes)[] Item(string key) => [($"{key}.png", Image()), ($"{key}.label.png", Labels())];

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var image = Image();
        Shard(folder, "a", [
            .. Item("a0"), ("cut.png", image[..(image.Length / 2)]), ("empty.png", []), ("text.jpg", Encoding.ASCII.GetBytes("No image.\n")),
            ("zero.png", CraftedFiles.HugePng(0, 0)), ("big.png", CraftedFiles.HugePng(60_000, 60_000)), ("size.png", image), ("size.label.png", Labels(16)),
            ("ids.png", image), ("ids.label.png", Labels(most: 77)), ("tiny.png", Image(3, 3)), ("label_only.label.png", Labels()), .. Item("a1")]);
        Shard(folder, "b", [.. Item("b0"), ("b1.png", image)], tar => tar[..^(1024 + (image.Length / 2))]);
        Shard(folder, "c", [.. Item("c0"), ("/etc/x.png", image), ("../../up.png", image), .. Item("c1"), .. Item("c0")]);
        Shard(folder, "d", [], _ => []);
        Shard(folder, "e", [], _ => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("This is no tar at all. ", 60))));
        Shard(folder, "z", Item("z0"));
    }

    public static void WriteGood(string folder, int shards, int perShard)
    {
        Directory.CreateDirectory(folder);
        for (var s = 0; s < shards; s++)
        {
            Shard(folder, $"g{s}", [.. Enumerable.Range(0, perShard).SelectMany(i => Item($"s{s}i{i}"))]);
        }
    }

    /// <summary>Writes an untrained model of 3 clusters.</summary>
    public static void WriteModel(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new TrainingOptions(3) { Network = new NetworkOptions(Width: 4) };
        using var network = new Segmenter(options.Network, options.Clusters, 0, 5, CPU);
        Checkpoint.Save(path, network.State, ModelCard.Of(options, new InmarsOptions()));
    }

    private static void Shard(string folder, string name, (string Name, byte[] Bytes)[] files, Func<byte[], byte[]>? damage = null)
    {
        var tar = Tars.Of(TarEntryFormat.Ustar, files);
        File.WriteAllBytes(Path.Combine(folder, $"{name}.tar"), damage is null ? tar : damage(tar));
    }
}
