using System.Diagnostics;
using System.Globalization;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>Items that left a flow, and what they took.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="ProcessorSeconds">Of all processors, that this process had.</param>
/// <param name="OtherSeconds">Of all processors, that others had meanwhile.</param>
internal sealed record Pace(long Items, double Seconds, double ProcessorSeconds, double OtherSeconds)
{
    public double PerSecond => Items / Seconds;

    /// <summary>Cores that others kept busy.</summary>
    public double Others => OtherSeconds / Seconds;
}

/// <summary>A flow, and its pace between its first images and its last, when neither the filling of the graph nor its end counts.</summary>
internal sealed record TimedFlow(FlowSummary Summary, Pace Pace);

/// <summary>Takes the pace of each flow of a run. Looks every millisecond, on a thread of its own.</summary>
internal sealed class ProcessorWatch : IRunObserver
{
    /// <summary>Shares of a flow between which its pace is taken; with the last images the source no longer reads.</summary>
    private const double From = 0.2;
    private const double To = 0.9;

    private readonly List<TimedFlow> _flows = [];
    private Mark _start;
    private Mark _from;
    private Mark _to;
    private Thread? _thread;
    private volatile bool _over;

    public IReadOnlyList<TimedFlow> Flows => _flows;

    public void FlowStarted(FlowProgress progress)
    {
        (_start, _over) = (Mark.Of(progress), false);
        _thread = new Thread(() => (_from, _to) = (Await(progress, From), Await(progress, To))) { IsBackground = true };
        _thread.Start();
    }

    public void FlowEnded(FlowSummary summary)
    {
        _over = true;
        _thread!.Join();
        _flows.Add(new TimedFlow(summary, _from.To(_to) ?? _start.To(_to) ?? new Pace(0, summary.Elapsed.TotalSeconds, 0, 0)));
    }

    public void Message(string flow, string kind, string message)
    {
    }

    public void Reported(FlowReport report)
    {
    }

    private Mark Await(FlowProgress progress, double share)
    {
        while (!_over && progress.Done() < progress.Total * share)
        {
            Thread.Sleep(1);
        }

        return Mark.Of(progress);
    }

    private readonly record struct Mark(long Done, long Time, TimeSpan Processor, double Machine)
    {
        public static Mark Of(FlowProgress progress) => new(progress.Done(), Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, BusySeconds());

        /// <summary>Null where nothing left the flow between.</summary>
        public Pace? To(Mark later)
        {
            var mine = (later.Processor - Processor).TotalSeconds;
            return later.Done > Done
                ? new Pace(later.Done - Done, Stopwatch.GetElapsedTime(Time, later.Time).TotalSeconds, mine, Math.Max(0, later.Machine - Machine - mine))
                : null;
        }

        /// <summary>What the processors of this machine did since it started, and what another machine took of them.</summary>
        private static double BusySeconds()
        {
            const double TicksPerSecond = 100;
            var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
            var (user, nice, system, irq, softIrq, steal) = (fields[0], fields[1], fields[2], fields[5], fields[6], fields[7]);
            return (user + nice + system + irq + softIrq + steal) / TicksPerSecond;
        }
    }
}
