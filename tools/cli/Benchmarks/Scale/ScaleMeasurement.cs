using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>Measures the processor time of each stage when no other runs beside it: one item at a time, with one thread and with one a core in turn.</summary>
internal sealed class ScaleMeasurement(ScaleRequest request, ScaleRuns runs, Shell shell)
{
    /// <summary>Time of a flow in a round, in seconds.</summary>
    private const double Seconds = 2.5;

    /// <summary>Cores that others kept busy, up to which they did not disturb; then the clock also sees threads that wait for each other.</summary>
    private const double Undisturbed = 0.1;

    /// <returns>The flows of the run file, with images of that size.</returns>
    public async Task<IReadOnlyList<MeasuredFlow>> OfAsync((int Width, int Height) size)
    {
        var cores = Environment.ProcessorCount;
        var threads = cores > 1 ? new[] { 1, cores } : [1];
        var rounds = threads.Select(_ => new List<IReadOnlyList<TimedFlow>>()).ToList();
        await shell.Error.WriteLineAsync($"warming up with {size.Width} x {size.Height}");
        var images = await runs.ImagesAsync(size, 1, Seconds);
        var plan = runs.Plan(size, 1, images);
        for (var round = 1; round <= request.Rounds; round++)
        {
            foreach (var (n, mine) in threads.Zip(rounds))
            {
                await shell.Error.WriteLineAsync($"measuring {size.Width} x {size.Height} with {Display.Plain.Count(n, "thread")}, round {round} of {request.Rounds}");
                mine.Add(await runs.RunAsync(runs.Plan(size, n, images), oneAtATime: true));
            }
        }

        return [.. plan.Flows.Select((flow, i) => Of(flow, size, plan, Stages(rounds[0], i), Stages(rounds[^1], i)))];
    }

    /// <summary>The stages of one flow, round by round.</summary>
    private static List<TimedFlow> Stages(List<IReadOnlyList<TimedFlow>> rounds, int flow) => [.. rounds.Select(r => r[flow])];

    private MeasuredFlow Of(FlowPlan flow, (int Width, int Height) size, RunPlan plan, List<TimedFlow> one, List<TimedFlow> several)
    {
        var last = several[^1].Summary;
        var items = (double)last.Read;
        var stages = flow.Graph.Shapes.Select((shape, i) =>
        {
            var figures = last.Stages[i];
            var outputs = figures.Passed > 0 && !shape.IsSink ? (double)figures.Emitted / figures.Passed : 1;
            var (alone, shared) = (Fastest(one, i), Fastest(several, i));
            var caller = CallerMs([.. several.Select(r => (r.Pace.Others, r.Summary.Stages[i].Times.MeanMs))], shared.Thread);
            return new MeasuredStage(
                shape, figures.Sequential, figures.Times.Calls / items, outputs, alone.Process, figures.Threads > 1 ? ThreadedTime.Of(shared.Process, caller, figures.Threads) : null);
        });
        return new MeasuredFlow(
            flow.Name, $"{size.Width} x {size.Height}", last.Stages[0].Bytes / items, MemoryLimit.Budget(plan.Settings.MemoryMb), [.. stages]);
    }

    /// <summary>What the thread that makes a call with threads of its own is at it.</summary>
    /// <param name="rounds">Cores that others kept busy, and time of a call by the clock.</param>
    /// <param name="processor">Processor time of that thread: all that is known where others disturbed every round.</param>
    internal static double CallerMs(IReadOnlyList<(double Others, double Clock)> rounds, double processor) =>
        rounds.Where(r => r.Others <= Undisturbed).Select(r => r.Clock).DefaultIfEmpty(processor).Min();

    /// <summary>Processor time of a stage in the round in which it took least.</summary>
    private static ProcessorMs Fastest(List<TimedFlow> rounds, int stage) => rounds.Select(r => r.Summary.Stages[stage].Times.Processor!).MinBy(p => p.Process)!;
}
