using InMARS.Pipeline.Graphs;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>What one stage takes on this machine when nothing runs beside it.</summary>
/// <param name="Calls">Calls for one item of the source.</param>
/// <param name="Outputs">Outputs of a call, on average.</param>
/// <param name="Alone">Milliseconds of a call that only one core can work at.</param>
/// <param name="Shared">Milliseconds of a call on one core that threads of its own can share.</param>
/// <param name="IsThreaded">Whether it has such threads.</param>
internal sealed record MeasuredStage(StageShape Shape, bool Sequential, double Calls, double Outputs, double Alone, double Shared, bool IsThreaded)
{
    /// <summary>Splits a call by what it takes with one thread and with several: what does not get faster is done alone.</summary>
    /// <param name="threads">Threads of the second time, 1 or more.</param>
    public static (double Alone, double Shared) Split(double withOne, double withSeveral, int threads)
    {
        var shared = threads > 1 ? Math.Clamp((withOne - withSeveral) * threads / (threads - 1), 0, withOne) : withOne;
        return (withOne - shared, shared);
    }
}

/// <summary>Another machine.</summary>
/// <param name="DeviceRate">Images a second of the device that networks run on there; null where they run on the cores.</param>
internal sealed record Machine(int Cores, double? DeviceRate);

/// <summary>What one flow takes with images of one size.</summary>
/// <param name="Threads">As <c>run.threads</c>; 0 means all cores.</param>
/// <param name="ItemBytes">Bytes of an item of the source, on average.</param>
/// <param name="Budget">Bytes that items may take at once.</param>
internal sealed record MeasuredFlow(string Flow, string Size, int Threads, double ItemBytes, long Budget, IReadOnlyList<MeasuredStage> Stages)
{
    /// <summary>Share of the times that other programs took, at least, 0 to 1; the times are too long by that.</summary>
    public double Disturbed { get; init; }

    /// <summary>The flow on a machine, with parallelism and capacity as the run file says, or as the rule of <c>auto</c> gives there.</summary>
    public Scenario On(Machine machine, int items)
    {
        var times = Stages.Select(s => Time(s, machine)).ToList();
        var loads = Stages.Zip(times, (s, time) => new StageLoad(s.Shape.Name, time.Free, s.Calls, s.Sequential, time.Threads, s.Shape.Gathers)).ToList();
        var served = Stages.Select((s, i) => Served(s, times[i], AutoRule.Of(loads, machine.Cores)[i])).ToList();
        var alive = LiveBound.Items(served.Select(s => (s.Parallelism, s.Capacity, (long)s.Gathers)));
        return new Scenario([.. served.Select(Bounded)], machine.Cores, items, Math.Min(alive, Math.Max(1, (long)(Budget / Math.Max(1, ItemBytes)))));
    }

    private ServiceTime Time(MeasuredStage stage, Machine machine) => stage.IsThreaded && machine.DeviceRate is { } rate
        ? new ServiceTime(0, Elsewhere: 1000 / rate / stage.Calls)
        : new ServiceTime(stage.Alone, stage.Shared, Threads: stage.IsThreaded ? Math.Min(Threads <= 0 ? machine.Cores : Threads, machine.Cores) : 1);

    private static ServedStage Served(MeasuredStage stage, ServiceTime time, StageSetting auto)
    {
        var shape = stage.Shape;
        return new ServedStage(shape.Name, time, shape.ParallelismIsAuto ? auto.Parallelism : shape.Parallelism, shape.CapacityIsAuto ? auto.Capacity : shape.Capacity)
        {
            Gathers = shape.Gathers,
            Outputs = stage.Outputs,
            IsSink = shape.IsSink,
            Room = stage.Sequential && !shape.IsSink ? shape.Expands : 0,
        };
    }

    /// <summary>A source reads one at a time, and what it has read waits behind it; what a batch is filling is no part of its queue.</summary>
    private static ServedStage Bounded(ServedStage stage, int place) => place == 0
        ? stage with { Capacity = 1, Room = stage.Capacity }
        : stage with { Capacity = Math.Max(1, stage.Capacity - stage.Gathers + 1) };
}
