namespace InMARS.Cli.Planning;

/// <summary>Files, and their bytes together.</summary>
internal readonly record struct FileCount(long Files, long Bytes)
{
    public static FileCount None => default;

    public static FileCount operator -(FileCount now, FileCount before) => new(now.Files - before.Files, now.Bytes - before.Bytes);

    /// <summary>The files of each folder that stands directly within one, those below it included; its own files under an empty name.</summary>
    public static IReadOnlyDictionary<string, FileCount> ByFolder(string directory) => new DirectoryInfo(directory)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .GroupBy(file => Path.GetRelativePath(directory, file.FullName) is var path && path.IndexOf(Path.DirectorySeparatorChar) is > 0 and var end ? path[..end] : "")
        .ToDictionary(g => g.Key, g => new FileCount(g.Count(), g.Sum(file => file.Length)));
}
