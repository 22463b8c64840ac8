using System.Diagnostics;

namespace InMARS.Cli.Benchmarks;

/// <summary>Milliseconds an image: by the clock, and of all processors together, which other programs disturb less.</summary>
internal readonly record struct ImageTimes(double Wall, double Processor);

/// <summary>Several pieces of work in turn, round after round, so that a change of the machine's speed meets all.</summary>
internal static class InterleavedRounds
{
    /// <param name="rounds">Rounds that count; one to warm up comes first.</param>
    /// <param name="images">Images of a round.</param>
    /// <returns>The times of each piece, round by round.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<ImageTimes>>> OfAsync(int rounds, int images, IReadOnlyList<Func<Task>> works, CancellationToken stop)
    {
        var times = works.Select(_ => new List<ImageTimes>()).ToList();
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (work, mine) in works.Zip(times))
            {
                stop.ThrowIfCancellationRequested();
                var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                await work();
                var used = Environment.CpuUsage.TotalTime - processor;
                if (round > 0)
                {
                    mine.Add(new ImageTimes(Stopwatch.GetElapsedTime(start).TotalMilliseconds / images, used.TotalMilliseconds / images));
                }
            }
        }

        return times;
    }
}
