using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using InMARS.Stages.Reports;
using OpenCvSharp;
using ZstdSharp;

namespace InMARS.Fuzz;

/// <summary>Small whole files of every kind that is read, as a start for damage.</summary>
internal static class Corpus
{
    private const int Edge = 24;

    /// <summary>Encoded images: every format, with three and four bands, 8 and 16 bits, progressive and lossless.</summary>
    public static IReadOnlyList<byte[]> Images { get; } = [.. MakeImages()];

    /// <summary>Encoded label maps of one band.</summary>
    public static IReadOnlyList<byte[]> Labels { get; } =
    [
        Png.Grey8(Edge, Edge, Ids(b => (byte)(b % 5))),
        Png.Grey16(Edge, Edge, [.. Ids(b => (byte)(b % 5)).Select(b => (ushort)(b * 300))]),
        Png.Indexed8(Edge, Edge, Ids(b => (byte)(b % 3)), [255, 0, 0, 0, 255, 0, 0, 0, 255]),
        Encoded(".tif", MatType.CV_8UC1, 1),
        Encoded(".tif", MatType.CV_16UC1, 1),
    ];

    /// <summary>Plain tars of every format, with long names, links and folders.</summary>
    public static IReadOnlyList<byte[]> Tars { get; } =
        [.. new[] { TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu }.Select(Tar)];

    /// <summary>The same tars in gzip and zstd.</summary>
    public static IReadOnlyList<byte[]> Packed { get; } = [.. Tars.Select(Gzip), .. Tars.Select(Zstd)];

    /// <summary>A file that was built into this program.</summary>
    public static byte[] Resource(string name)
    {
        using var stream = typeof(Corpus).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    public static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(bytes).ToArray();
    }

    private static IEnumerable<byte[]> MakeImages()
    {
        (string Extension, ImageEncodingParam[] Settings)[] forms =
        [
            (".jpg", []), (".jpg", [new(ImwriteFlags.JpegProgressive, 1), new(ImwriteFlags.JpegRstInterval, 2)]), (".png", []), (".bmp", []),
            (".webp", [new(ImwriteFlags.WebPQuality, 80)]), (".webp", [new(ImwriteFlags.WebPQuality, 101)]),
            (".tif", []), (".tif", [new(ImwriteFlags.TiffCompression, 1)]), (".tif", [new(ImwriteFlags.TiffCompression, 8)]),
        ];
        foreach (var (extension, settings) in forms)
        {
            yield return Encoded(extension, MatType.CV_8UC3, 3, settings);
            if (extension is not ".jpg")
            {
                yield return Encoded(extension, MatType.CV_8UC4, 4, settings);
            }

            if (extension is ".png" or ".tif")
            {
                yield return Encoded(extension, MatType.CV_16UC3, 3, settings);
            }
        }

        yield return Encoded(".png", MatType.CV_8UC1, 1);
    }

    private static byte[] Encoded(string extension, MatType type, int bands, params ImageEncodingParam[] settings)
    {
        var values = Enumerable.Range(0, Edge * Edge * bands).Select(i => (ushort)((i * 37) + (i / 50 * 1000))).ToArray();
        using var deep = Mat.FromPixelData(Edge, Edge, MatType.CV_16UC(bands), values);
        using var image = new Mat();
        deep.ConvertTo(image, type, type.Depth == MatType.CV_8U ? 1 / 257.0 : 1);
        Cv2.ImEncode(extension, image, out var file, settings);
        return file;
    }

    private static byte[] Ids(Func<int, byte> id) => [.. Enumerable.Range(0, Edge * Edge).Select(i => id(i / 7))];

    private static byte[] Tar(TarEntryFormat format)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, format, leaveOpen: true))
        {
            foreach (var (name, body) in Files(format))
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name, [KeyValuePair.Create("comment", name)]),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    _ => new UstarTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(body);
                writer.WriteEntry(entry);
            }
        }

        return tar.ToArray();
    }

    private static IEnumerable<(string Name, byte[] Body)> Files(TarEntryFormat format)
    {
        yield return ("a.png", Images[^1]);
        yield return ("a.label.png", Labels[0]);
        yield return ("b/c.jpg", Images[0]);
        yield return ("b/c.json", "{}"u8.ToArray());
        if (format is TarEntryFormat.Pax or TarEntryFormat.Gnu)
        {
            yield return (new string('n', 150) + ".jpg", Encoding.ASCII.GetBytes("no image"));
        }
    }
}
