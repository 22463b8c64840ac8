namespace InMARS.Tests.Support;

/// <summary>Files of this repository and of the data beside it.</summary>
internal static class Repository
{
    /// <summary>The folder that holds InMARS.sln.</summary>
    public static string Root { get; } = Above(folder => File.Exists(Path.Combine(folder, "InMARS.sln")))
        ?? throw new InvalidOperationException("The tests run outside the repository.");

    public static string Text(params string[] parts) => File.ReadAllText(Path.Combine([Root, .. parts])).ReplaceLineEndings("\n");

    /// <summary>A data set of ../shared/data; skips the test where it is absent.</summary>
    public static string Data(string name)
    {
        var folder = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", name));
        Assert.SkipUnless(Directory.Exists(folder), $"needs the data set ../shared/data/{name}, which is not here");
        return folder;
    }

    private static string? Above(Func<string, bool> found)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (found(folder.FullName))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
