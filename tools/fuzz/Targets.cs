using System.Text;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Shards;

namespace InMARS.Fuzz;

/// <summary>All readers of foreign bytes.</summary>
internal static class Targets
{
    private const long MostPixels = 1_000_000;
    private static readonly ShardLimits _limits = new(MaxFileMb: 1, MaxEntries: 10_000, MaxRatio: 50);
    private static readonly Decoding _three = new(DecodingOptions.Default with { MaxPixels = MostPixels });
    private static readonly Decoding _four = new(new DecodingOptions(4, MostPixels, LabelOptions.Default));

    private static readonly IReadOnlyList<byte[]> _tarWords = Words(
        "ustar\0", "00", "../", "/etc/x.jpg\0", "77777777777\0", "GNU.sparse.size=1", "path=", "size=", "x", "L", "K", "g", "S", "2", "30 size=99999999999999999999\n");

    private static readonly IReadOnlyList<byte[]> _imageWords = [.. Words("IHDR", "IDAT", "IEND", "PLTE", "eXIf", "VP8X", "VP8L", "VP8 ", "EXIF", "Exif\0\0", "II*\0", "MM\0*"), [0xFF, 0xDA], [0xFF, 0xC2], [0xFF, 0xD9]];

    private static readonly IReadOnlyList<byte[]> _yamlWords = Words(
        "&a ", "*a", "{", "}", "[", "]", ": ", "- ", "? ", "!!", "!x ", "|\n", ">\n", "'", "\"", "\n---\n", "\t", "<<: ", "steps: ", "use: ", "with: ", "null", "1e999", "99999999999999999999", "\u2028", "%YAML 9\n");

    private static readonly IReadOnlyList<byte[]> _jsonWords = Words(
        "{", "}", "[", "]", "\"", ",", ":", "null", "-1", "1e999", "9223372036854775807", "\"F32\"", "\"shape\"", "\"data_offsets\"", "\\u0000", "\"clusters\"", "\"network\"");

    public static IReadOnlyList<Target> All { get; } =
    [
        new("tar", 20, Corpus.Tars, _tarWords, WithSums, (bytes, file) => ReadShard(file.With("s.tar", bytes))),
        new("packed", 10, Corpus.Packed, _tarWords, (bytes, random) => Repacked(random), (bytes, file) => ReadShard(file.With("s.tar.gz", bytes))),
        new("image", 20, Corpus.Images, _imageWords, WithCrcs, (bytes, _) => Decode(_three, bytes, null) & Decode(_four, bytes, null)),
        new("label", 15, Corpus.Labels, _imageWords, WithCrcs, (bytes, _) => Stored(bytes) & Decode(_three, Corpus.Images[0], bytes)),
        new("run", 10, [Corpus.Resource("config.yaml"), Corpus.Resource("recipe.yaml")], _yamlWords, Same, (bytes, file) => ReadRun(file.With("run.yaml", bytes))),
        new("model", 10, Models.Weights, _jsonWords, Same, (bytes, file) => Throws(() => Safetensors.Read(file.With("m.safetensors", bytes)))),
        new("card", 5, Models.Cards, _jsonWords, Same, (bytes, file) => Throws(() => ModelCard.Load(file.With("m.json", bytes)))),
        new("checkpoint", 5, SavedStates.Files, [.. _tarWords, .. _jsonWords], WithHash, (bytes, file) => Throws(() => ReadCheckpoint(file.With("c.checkpoint", bytes)))),
        new("list", 5, Words("image,label,key\na.jpg,a.png,a\n\"b,c.jpg\",,\"b\"\"c\"\n", "key,image\n../x,y.png\n"), Words("\"", ",", "\n", "\r", "../", "image", "label"), Same, (bytes, file) => Throws(() => SampleList.Read(file.With("l.csv", bytes)))),
    ];

    private static byte[] Same(byte[] bytes, Random random) => bytes;

    private static byte[] WithSums(byte[] bytes, Random random)
    {
        Repair.Tar(bytes);
        return bytes;
    }

    private static byte[] WithHash(byte[] bytes, Random random)
    {
        Repair.Tar(bytes);
        Repair.Hash(bytes);
        return bytes;
    }

    private static byte[] WithCrcs(byte[] bytes, Random random)
    {
        Repair.Png(bytes);
        return bytes;
    }

    /// <summary>A damaged tar in a whole packing: what was damaged in the packing itself mostly ends at its checksum.</summary>
    private static byte[] Repacked(Random random)
    {
        var tar = WithSums(new Mutator(random, Corpus.Tars, _tarWords).Next(), random);
        return random.Next(2) == 0 ? Corpus.Gzip(tar) : Corpus.Zstd(tar);
    }

    private static bool ReadShard(string path)
    {
        using var bodies = new PartBodies();
        var refused = false;
        foreach (var group in TarShard.Groups(path, new PartFilter(SampleRoles.Wanted, _limits)))
        {
            refused |= SampleRoles.Read(group, bodies).Match(sample => SampleSize.OfImage(sample.Image.Span) < 0, _ => true);
        }

        return refused;
    }

    private static bool Decode(Decoding decoding, byte[] image, byte[]? label) =>
        Refused(decoding.Decode(new Sample(new Origin("fuzz", "0"), "0.jpg", image, label)));

    private static bool Stored(byte[] bytes) => Refused(LabelDecoding.Stored(bytes, MostPixels));

    private static bool ReadRun(string path) => RunFile.Read(path, [], [new StandardStages()]).ErrorsOrNone.Length > 0;

    private static void ReadCheckpoint(string path) => SavedState.Of(CheckpointFile.Read(path), path);

    private static bool Refused<T>(Result<T> result) => result.Match(_ => false, _ => true);

    private static bool Throws(Action read)
    {
        try
        {
            read();
            return false;
        }
        catch (RunException)
        {
            return true;
        }
    }

    private static IReadOnlyList<byte[]> Words(params IEnumerable<string> words) => [.. words.Select(Encoding.UTF8.GetBytes)];
}
