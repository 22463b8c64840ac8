using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;

namespace InMARS.Stages.Superpixels.Quality;

/// <summary>A folder of label maps to measure superpixels by: <c>NAME.png</c>, or <c>NAME_1.png</c>, <c>NAME_2.png</c> ... where several people drew.</summary>
/// <param name="folder">Folder of the maps.</param>
/// <param name="ignore">Id of pixels that are not counted; null for none.</param>
public sealed class Segmentations(string folder, int? ignore)
{
    /// <summary>The quality of superpixels, as the mean over all segmentations of the image.</summary>
    /// <param name="name">Name of the image without extension.</param>
    /// <returns>Null where the folder has no segmentation of that name.</returns>
    /// <exception cref="RunException">A segmentation cannot be read or has another size.</exception>
    public SuperpixelQuality? Measure(string name, int[] labels, int count, int width)
    {
        var all = Paths(name).Select(path => SuperpixelQuality.Of(labels, count, Read(path, labels.Length / width, width), width)).ToList();
        return all.Count == 0 ? null : SuperpixelQuality.Mean(all);
    }

    /// <summary>Reads a map of superpixels, as <c>write.superpixels</c> writes them or anyone else.</summary>
    /// <exception cref="RunException">It cannot be read.</exception>
    public static (int[] Labels, int Count, int Width) ReadSuperpixels(string path)
    {
        var map = Stored(path);
        int[] labels = [.. map.Ids.Select(id => (int)id)];
        return (labels, Slic.Renumber(labels), map.Width);
    }

    private IEnumerable<string> Paths(string name)
    {
        var only = Path.Combine(folder, $"{name}.png");
        return File.Exists(only) ? [only] : Enumerable.Range(1, 1000).Select(k => Path.Combine(folder, $"{name}_{k}.png")).TakeWhile(File.Exists);
    }

    private ushort[] Read(string path, int height, int width)
    {
        var map = Stored(path);
        if ((map.Height, map.Width) != (height, width))
        {
            throw new RunException($"'{path}' is {map.Width} x {map.Height} pixels; expected {width} x {height}, as the superpixels are");
        }

        return ignore is { } id ? [.. map.Ids.Select(value => value == id ? LabelMap.Ignore : value)] : map.Ids;
    }

    private static LabelMap Stored(string path) => LabelDecoding.Stored(File.ReadAllBytes(path), DecodingOptions.Default.MaxPixels).Match(
        map => map, fault => throw new RunException($"label map '{path}': {fault.Message}"));
}
