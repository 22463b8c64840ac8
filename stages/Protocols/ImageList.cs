using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Protocols;

/// <summary>One line of a list.</summary>
/// <param name="Set">The set that the list is of, where its folder tells.</param>
internal sealed record ListedImage(string Name, string? Set, string File, int Line);

/// <summary>Lists of images, one name a line.</summary>
internal static class ImageList
{
    /// <summary>Reads lists; a folder stands for the lists of one name in the folders of the sets.</summary>
    /// <param name="sets">Sets; a list in a folder of such a name is of that set.</param>
    /// <param name="name">File name of the lists within a folder.</param>
    /// <param name="absences">Gets the lists that are not there.</param>
    /// <exception cref="RunException">A list is empty, or an image stands there twice.</exception>
    public static IReadOnlyList<ListedImage> Read(IReadOnlyList<string> paths, IReadOnlyList<string> sets, string name, Absences absences)
    {
        var files = paths.SelectMany(p => Directory.Exists(p) ? sets.Select(set => Path.Combine(p, set, name)) : [p]).ToList();
        foreach (var file in files.Where(f => !File.Exists(f)))
        {
            absences.Add($"list '{file}'");
        }

        var images = files.Where(File.Exists).SelectMany(file => Lines(file, sets)).ToList();
        var seen = new Dictionary<string, ListedImage>();
        foreach (var image in images)
        {
            if (!seen.TryAdd(image.Name, image))
            {
                throw new RunException($"{image.File}:{image.Line}: image '{image.Name}' stands in {seen[image.Name].File}:{seen[image.Name].Line} already; expected each once");
            }
        }

        return images.Count > 0 || !files.Exists(File.Exists) ? images : throw new RunException($"list '{files.Find(File.Exists)}' is empty; expected one image a line");
    }

    private static IEnumerable<ListedImage> Lines(string file, IReadOnlyList<string> sets)
    {
        var set = sets.FirstOrDefault(s => s == Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))));
        return File.ReadLines(file)
            .Select((text, i) => new ListedImage(text.Trim(), set, file, i + 1))
            .Where(line => line.Name.Length > 0);
    }
}
