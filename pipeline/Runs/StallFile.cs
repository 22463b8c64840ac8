using System.Globalization;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Runs;

/// <summary>What a run was at when nothing moved any more: <c>stall-1.txt</c> in its directory, then <c>stall-2.txt</c>.</summary>
internal static class StallFile
{
    /// <summary>How long a stalled run waits for its stacks.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Writes the stages, then the stacks of all threads, or why there are none. Never throws.</summary>
    /// <param name="stacks">Reads the stacks; null where nobody can.</param>
    /// <returns>Where it lies, in words.</returns>
    public static string Write(string directory, IReadOnlyList<StageSnapshot> stages, Func<string>? stacks, TimeSpan patience)
    {
        try
        {
            var path = FreePath(directory);
            File.WriteAllText(path, $"Stages\n\n{string.Join('\n', stages)}\n\nThreads\n\n");
            File.AppendAllText(path, Stacks(stacks, patience));
            return $"the stacks are in {Path.GetFileName(path)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the stacks could not be written: {e.Message}";
        }
    }

    private static string FreePath(string directory)
    {
        for (var n = 1; ; n++)
        {
            var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"stall-{n}.txt"));
            if (!File.Exists(path))
            {
                return path;
            }
        }
    }

    /// <remarks>On a thread of its own: what stalled the run may have taken those of the pool, or may stall this too.</remarks>
    private static string Stacks(Func<string>? read, TimeSpan patience)
    {
        if (read is null)
        {
            return "none: this program does not read them\n";
        }

        var text = "";
        var thread = new Thread(() => text = Tried(read)) { IsBackground = true, Name = "stall.stacks" };
        thread.Start();
        return thread.Join(patience) ? text : string.Create(CultureInfo.InvariantCulture, $"none: they could not be read within {patience.TotalSeconds:0} s\n");
    }

    private static string Tried(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception e)
        {
            // Whatever a reader of foreign formats throws: above it is a bare thread, and the run has its stall to tell.
            return $"none: {e.GetType().Name}: {e.Message}\n";
        }
    }
}
