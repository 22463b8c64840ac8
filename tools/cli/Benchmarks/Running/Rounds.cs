using System.Diagnostics;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>Several pieces of work in turn, round after round, so that a change of the machine's speed meets all.</summary>
/// <param name="Count">Rounds that count, 1 or more.</param>
/// <param name="WarmUps">Rounds before them.</param>
internal sealed record Rounds(int Count, int WarmUps = 1)
{
    /// <returns>The times of each piece of work.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled between two pieces.</exception>
    public async Task<IReadOnlyList<Timed>> TimeAsync(CancellationToken stop, params IReadOnlyList<Func<Task>> works)
    {
        var (wall, processor) = (works.Select(_ => new List<double>()).ToList(), works.Select(_ => new List<double>()).ToList());
        for (var round = -WarmUps; round < Count; round++)
        {
            foreach (var (number, work) in works.Index())
            {
                stop.ThrowIfCancellationRequested();
                var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                await work();
                var busy = Environment.CpuUsage.TotalTime - used;
                if (round >= 0)
                {
                    wall[number].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    processor[number].Add(busy.TotalMilliseconds);
                }
            }
        }

        return [.. wall.Zip(processor, (w, p) => new Timed(Times.Of(w), Times.Of(p)))];
    }

    public Task<IReadOnlyList<Timed>> TimeAsync(CancellationToken stop, params IReadOnlyList<Action> works) =>
        TimeAsync(stop, [.. works.Select(AsTask)]);

    private static Func<Task> AsTask(Action work) => () =>
    {
        work();
        return Task.CompletedTask;
    };
}
