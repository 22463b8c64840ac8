namespace InMARS.Soak;

/// <summary>A directory that the run is started in.</summary>
internal sealed class NightPlace(string folder, string program, NightFile file)
{
    public const string FileName = "night.yaml";

    private static readonly string RunName = System.IO.Path.Combine("runs", "night");
    private const string FlowStarted = "\"kind\":\"flow.started\"";

    /// <summary>The run directory.</summary>
    public string Run { get; } = System.IO.Path.Combine(folder, RunName);

    public string Folder => folder;

    public string Marker { get; } = System.IO.Path.Combine(folder, NightFile.Marker);

    /// <summary>Whether there is a run to go on with: a process that dies before that has left nothing.</summary>
    public bool HasBegun => File.Exists(System.IO.Path.Combine(Run, "manifest.json"));

    /// <summary>Lines of the run's log, also while it is written.</summary>
    public IReadOnlyList<string> Events
    {
        get
        {
            var path = System.IO.Path.Combine(Run, "events.jsonl");
            if (!File.Exists(path))
            {
                return [];
            }

            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>Flows that processes have begun so far, each as often as it was gone on with.</summary>
    public int FlowsStarted => Events.Count(line => line.Contains(FlowStarted, StringComparison.Ordinal));

    /// <summary>Removes the run, so that it is begun again, and what was to make it stall.</summary>
    public void Empty()
    {
        Directory.Delete(Run, recursive: true);
        File.Delete(Marker);
    }

    /// <summary>Begins the run, or goes on with it, whatever the mood of the session before.</summary>
    public NightProcess Start(Mood mood = Mood.Usual)
    {
        File.WriteAllText(System.IO.Path.Combine(folder, FileName), file.Text(mood));
        return NightProcess.Start(program, folder, HasBegun ? ["resume", RunName, "--accept"] : ["run", FileName, "--overwrite"]);
    }
}
