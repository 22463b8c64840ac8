using InMARS.Pipeline.Graphs;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>What one stage takes on this machine when nothing runs beside it.</summary>
/// <param name="Calls">Calls for one item of the source.</param>
/// <param name="Outputs">Outputs of a call, on average.</param>
/// <param name="OneThread">Processor time of a call with one thread, in milliseconds.</param>
/// <param name="Threads">The same with threads of its own; null where it has none.</param>
internal sealed record MeasuredStage(StageShape Shape, bool Sequential, double Calls, double Outputs, double OneThread, ThreadedTime? Threads);

/// <summary>Processor time of a call that has threads of its own, in milliseconds.</summary>
/// <param name="Alone">What one thread does.</param>
/// <param name="Shared">What all share.</param>
internal sealed record ThreadedTime(double Alone, double Shared)
{
    /// <summary>Splits a call so that its threads come to both times: the caller does what is done alone, and its part of what is shared.</summary>
    /// <param name="all">Processor time of all threads.</param>
    /// <param name="caller">Time from beginning to end, or the processor time of the thread that made the call.</param>
    /// <param name="threads">2 or more.</param>
    public static ThreadedTime Of(double all, double caller, int threads)
    {
        var shared = Math.Clamp((all - caller) * threads / (threads - 1), 0, all);
        return new ThreadedTime(all - shared, shared);
    }
}

/// <summary>Another machine.</summary>
/// <param name="DeviceRate">Images a second of the device that networks run on there; null where they run on the cores.</param>
internal sealed record Machine(int Cores, double? DeviceRate);

/// <summary>What one flow takes with images of one size.</summary>
/// <param name="ItemBytes">Bytes of an item of the source, on average.</param>
/// <param name="Budget">Bytes that items may take at once.</param>
internal sealed record MeasuredFlow(string Flow, string Size, double ItemBytes, long Budget, IReadOnlyList<MeasuredStage> Stages)
{
    /// <summary>The flow on a machine, with parallelism and capacity as the run file says, or as the rule of <c>auto</c> gives there.</summary>
    public Scenario On(Machine machine, int items)
    {
        var times = Stages.Select(s => Time(s, machine)).ToList();
        var loads = Stages.Zip(times, (s, time) => new StageLoad(s.Shape.Name, time.Free, s.Calls, s.Sequential, time.Threads, s.Shape.Gathers)).ToList();
        var served = Stages.Select((s, i) => Served(s, times[i], AutoRule.Of(loads, machine.Cores)[i])).ToList();
        var alive = LiveBound.Items(served.Select(s => (s.Parallelism, s.Capacity, (long)s.Gathers)));
        return new Scenario([.. served.Select(Bounded)], machine.Cores, items, Math.Min(alive, Math.Max(1, (long)(Budget / Math.Max(1, ItemBytes)))));
    }

    private static ServiceTime Time(MeasuredStage stage, Machine machine) => stage.Threads switch
    {
        { } when machine.DeviceRate is { } rate => new ServiceTime(0, Elsewhere: 1000 / rate / stage.Calls),
        { } threads when machine.Cores > 1 => new ServiceTime(threads.Alone, threads.Shared, Threads: machine.Cores),
        _ => new ServiceTime(stage.OneThread),
    };

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
