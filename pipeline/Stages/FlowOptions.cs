namespace InMARS.Pipeline.Stages;

/// <summary>What becomes of a fault.</summary>
public enum OnFault
{
    /// <summary>As <c>run.rejects</c> says.</summary>
    Inherit,

    /// <summary>The item is written to <c>rejects.jsonl</c> and the run goes on.</summary>
    Skip,

    /// <summary>The item is written to <c>rejects.jsonl</c> and the run stops.</summary>
    Stop,
}

/// <summary>How a stage runs, as opposed to what it computes.</summary>
/// <param name="Parallelism">Items in hand at once, 1 to 256.</param>
/// <param name="Capacity">Items the stage may hold, those in hand included, 1 to 65536.</param>
/// <param name="OnFault">Policy for faults of this stage.</param>
public sealed record FlowOptions(int Parallelism = 1, int Capacity = 16, OnFault OnFault = OnFault.Inherit)
{
    internal const int MostParallelism = 256;
    private const int LeastAutoCapacity = 16;

    /// <summary>How often input that a disk or a network failed to give is tried again, 0 or more; after that the policy holds.</summary>
    /// <remarks>For sources and for kernels. A fold or a sink is not tried again: the first try may have changed it.</remarks>
    public int Retries { get; init; }

    /// <summary>Seconds that a kernel may be at one item before it is rejected with <c>item.timeout</c>; 0 for any time, null for what the run says.</summary>
    /// <remarks>For kernels that keep nothing between items. A fold or a sink that is late cannot be left behind.</remarks>
    public double? ItemTimeoutSeconds { get; init; }

    /// <summary>Whether nobody asked for this parallelism, so that it is only the most there may be: the first items settle it. See docs/adr/0018.</summary>
    public bool ParallelismIsAuto { get; init; }

    /// <summary>Whether nobody asked for this capacity, so that it counts items of the source: batches of them are held in smaller number.</summary>
    public bool CapacityIsAuto { get; init; }

    /// <summary>The same with what was asked for, or with the most that <c>auto</c> may come to.</summary>
    /// <param name="cores">Cores of the machine, 1 or more.</param>
    internal FlowOptions OrAuto(int? parallelism, int? capacity, int cores)
    {
        var most = Math.Min(parallelism ?? cores, MostParallelism);
        return this with
        {
            Parallelism = most,
            ParallelismIsAuto = parallelism is null,
            Capacity = capacity ?? Math.Max(LeastAutoCapacity, 2 * most),
            CapacityIsAuto = capacity is null,
        };
    }

    /// <summary>The same for messages that hold several items of the source.</summary>
    /// <param name="gathers">Items of the source in a message, at most.</param>
    internal FlowOptions For(long gathers) => CapacityIsAuto && gathers > 1
        ? this with { Capacity = (int)Math.Max(Parallelism + 1, Capacity / gathers) }
        : this;
}
