using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;
using InMARS.Stages.Synthesis;
using OpenCvSharp;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>Images to measure with: files of a folder, or scenes.</summary>
internal static class BenchImages
{
    private const int Quality = 95;

    /// <summary>The first images of a folder by name.</summary>
    /// <exception cref="RunException">There are none.</exception>
    public static IReadOnlyList<string> Files(string folder, int most)
    {
        string[] files = [.. Directory.EnumerateFiles(folder).Where(IsImage).Order(StringComparer.Ordinal).Take(most)];
        return files.Length > 0 ? files : throw new RunException($"'{folder}' holds no images; expected .jpg, .png, .bmp or .tif");
    }

    /// <returns>How many there were.</returns>
    public static int Copy(string from, string to, int most)
    {
        Directory.CreateDirectory(to);
        var files = Files(from, most);
        foreach (var file in files)
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return files.Count;
    }

    public static void WriteScenes(string folder, int count, (int Width, int Height) size, ulong seed, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            File.WriteAllBytes(Path.Combine(folder, $"{i:D6}.jpg"), Jpeg(Scene(seed + (ulong)i, size.Width, size.Height)));
        }
    }

    public static RgbImage Scene(ulong seed, int width, int height) =>
        new(new Origin("bench", $"{seed}"), height, width, 3, SyntheticScenes.Make(seed, new SceneOptions(width, height)).Pixels);

    public static byte[] Jpeg(RgbImage image)
    {
        using var view = OpenCv.View(image);
        using var bgr = new Mat();
        Cv2.CvtColor(view, bgr, ColorConversionCodes.RGB2BGR);
        return bgr.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, Quality));
    }

    /// <exception cref="RunException">It is damaged.</exception>
    public static RgbImage Decode(string file) => new Decoding(DecodingOptions.Default)
        .Decode(new Sample(new Origin(file, ""), Path.GetFileName(file), File.ReadAllBytes(file)))
        .Match(image => image, fault => throw new RunException($"'{file}': {fault.Message}"));

    private static bool IsImage(string file) => Path.GetExtension(file).ToUpperInvariant() is ".JPG" or ".JPEG" or ".PNG" or ".BMP" or ".TIF" or ".TIFF";
}
