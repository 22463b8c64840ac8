using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>Reads a sample again that lies in files of its own.</summary>
internal static class FileOriginal
{
    public static Original Of(FileEntry entry, long maxBytes) => new(entry.Image, null, () => Read(entry, maxBytes));

    private static OriginalItem Read(FileEntry entry, long maxBytes)
    {
        var files = new OriginalFiles();
        if (entry.Image.Length == 0)
        {
            files.Note("no file is named");
            return files.Gathered();
        }

        files.Add(Extension(entry.Image), FileSamples.Bytes(entry.Image, maxBytes, empty: true));
        if (entry.Label is { } label)
        {
            files.Add($"label.{Extension(label)}", FileSamples.Bytes(label, maxBytes, empty: true));
        }

        return files.Gathered();
    }

    private static string Extension(string path) => Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
}
