using System.IO.Enumeration;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>Looks for images and label maps below folders.</summary>
internal static class Folder
{
    private static readonly string[] Labels = ["png", "tif", "tiff", "bmp"];

    /// <summary>Relative paths of the images, in ordinal order. Hidden files do not count, nor do names such as <c>0001.label.png</c>.</summary>
    /// <exception cref="RunException">There is no such folder, or it cannot be read.</exception>
    public static IReadOnlyList<string> Images(string folder, bool recursive) =>
        [.. Files(folder, recursive, SampleRoles.IsImage).Where(f => !IsLabelName(f))];

    /// <summary>Relative paths of the label maps, in ordinal order.</summary>
    /// <exception cref="RunException">There is no such folder, or it cannot be read.</exception>
    public static IReadOnlyList<string> LabelMaps(string folder, bool recursive) => Files(folder, recursive, Labels.Contains);

    /// <summary>Images with the label maps that have their key, in ordinal order of the images; and the label maps without image.</summary>
    /// <param name="images">A folder, or one image.</param>
    /// <exception cref="RunException">There is no such folder, it cannot be read, or it holds no images.</exception>
    public static (IReadOnlyList<FileEntry> Entries, IReadOnlyList<string> Unused) Matched(string images, string? labels, bool recursive)
    {
        var maps = (labels is null ? [] : LabelMaps(labels, recursive)).ToLookup(ShardKey.OfFile);
        var one = OneImage(images);
        var folder = one is null ? images : Path.GetDirectoryName(images) is { Length: > 0 } parent ? parent : ".";
        var together = labels is not null && Path.GetFullPath(labels) == Path.GetFullPath(images);
        IReadOnlyList<string> files = one is not null ? [one] : together ? WithoutLabels(Images(images, recursive)) : Images(images, recursive);
        if (files.Count == 0)
        {
            throw new RunException($"folder '{images}' holds no images");
        }

        var seen = new Dictionary<string, string>();
        var entries = files.Select(file => Entry(folder, file, labels, maps, seen)).ToList();
        return (entries, [.. maps.Where(m => !seen.ContainsKey(m.Key)).SelectMany(m => m)]);
    }

    /// <summary>The file name where the path is that of one image and not of a folder.</summary>
    private static string? OneImage(string path) => !File.Exists(path) ? null
        : SampleRoles.IsImage(Extension(path)) ? Path.GetFileName(path)
        : throw new RunException($"'{path}' is neither a folder nor an image; expected a name in jpg, jpeg, png, webp, tif, tiff or bmp");

    private static FileEntry Entry(string images, string file, string? labels, ILookup<string, string> maps, Dictionary<string, string> seen)
    {
        var key = ShardKey.OfFile(file);
        var image = Path.Combine(images, file);
        var own = maps[key].Where(map => Path.GetFullPath(Path.Combine(labels!, map)) != Path.GetFullPath(image)).ToList();
        Fault? fault = !seen.TryAdd(key, file)
            ? new Fault("folder.duplicate_key", $"'{file}' has the same key as '{seen[key]}'; expected one image for '{key}'")
            : own.Count > 1 ? new Fault("folder.duplicate_key", $"'{own[0]}' and '{own[1]}' have the same key; expected one label map for '{key}'") : null;
        return new FileEntry(images, key, image, own.Count == 0 ? null : Path.Combine(labels!, own[0]), fault);
    }

    private static List<string> Files(string folder, bool recursive, Func<string, bool> wanted)
    {
        if (!Directory.Exists(folder))
        {
            throw new RunException($"there is no folder '{folder}'");
        }

        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = recursive, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden };
            var files = new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), options)
            {
                // Two links of a folder to itself make more paths than there is time to walk.
                ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            };
            return [.. files
                .Select(path => Path.GetRelativePath(folder, path))
                .Where(path => wanted(Extension(path)))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read folder '{folder}': {e.Message}", e);
        }
    }

    /// <summary>Where images and label maps share a folder, a png beside an image of another kind is its label map.</summary>
    private static List<string> WithoutLabels(IReadOnlyList<string> files)
    {
        var others = files.Where(f => Extension(f) != "png").Select(ShardKey.OfFile).ToHashSet();
        return [.. files.Where(f => Extension(f) != "png" || !others.Contains(ShardKey.OfFile(f)))];
    }

    private static string Extension(string path) => Path.GetExtension(path).TrimStart('.').ToLowerInvariant();

    private static bool IsLabelName(string file) =>
        Path.GetFileName(file) is var name && name.IndexOf('.') is var dot && SampleRoles.IsExplicitLabel(name[(dot + 1)..].ToLowerInvariant());
}
