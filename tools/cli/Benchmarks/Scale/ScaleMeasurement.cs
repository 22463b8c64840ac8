using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>Measures what each stage takes when nothing runs beside it: one item at a time, once with one thread and once with all cores in turn.</summary>
internal sealed class ScaleMeasurement(ScaleRequest request, ScaleRuns runs)
{
    /// <returns>The flows of the run file, with images of that size.</returns>
    public async Task<IReadOnlyList<MeasuredFlow>> OfAsync((int Width, int Height) size)
    {
        var plan = runs.Plan(size, 1);
        var cores = Environment.ProcessorCount;
        var threads = cores > 1 ? new[] { 1, cores } : [1];
        var rounds = threads.Select(_ => new List<IReadOnlyList<TimedFlow>>()).ToList();
        for (var round = 0; round <= request.Rounds; round++)
        {
            foreach (var (n, mine) in threads.Zip(rounds))
            {
                var flows = await runs.RunAsync(runs.Plan(size, n), oneAtATime: true);
                mine.AddRange(round > 0 ? [flows] : []);
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
            var threads = figures.Threads;
            var alone = one.Min(r => r.Summary.Stages[i].Times.MeanMs);
            var split = threads > 1 ? MeasuredStage.Split(alone, several.Min(r => r.Summary.Stages[i].Times.MeanMs), threads) : (alone, 0);
            return new MeasuredStage(
                shape, figures.Sequential, figures.Times.Calls / items, figures.Passed > 0 && !shape.IsSink ? (double)figures.Emitted / figures.Passed : 1, split.Item1, split.Item2, threads > 1);
        });
        return new MeasuredFlow(
            flow.Name, $"{size.Width} x {size.Height}", request.Threads, last.Stages[0].Bytes / items, MemoryLimit.Budget(plan.Settings.MemoryMb), [.. stages])
        {
            Disturbed = one.Min(r => r.Disturbed),
        };
    }
}
