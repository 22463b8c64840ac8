using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.RunFiles;

/// <summary>Where a command's run lies: the folder that the user named is the run directory.</summary>
/// <param name="Output">Folder that holds it.</param>
/// <param name="Name">Its own name.</param>
internal sealed record RunPlace(string Output, string Name)
{
    public static RunPlace Of(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(folder);
        if (path.Length == 0 || Path.GetFileName(path) is "." or ".." or "")
        {
            path = Path.GetFullPath(folder);
        }

        return Path.GetFileName(path) is { Length: > 0 } name
            ? new RunPlace(Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".", name)
            : throw new RunException($"'{folder}' cannot be a run directory");
    }

    /// <summary>The lines of <c>run:</c> that say so.</summary>
    public string Lines => $"name: {Yaml.Quote(Name)}, output: {Yaml.Quote(Output)}";
}
