namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>What one call of a kernel takes, in milliseconds.</summary>
/// <param name="Alone">On one core.</param>
/// <param name="Shared">On one core, of what <paramref name="Threads"/> threads share.</param>
/// <param name="Elsewhere">On a device of its own, which takes no core.</param>
/// <param name="Threads">1 or more.</param>
internal readonly record struct ServiceTime(double Alone, double Shared = 0, double Elsewhere = 0, int Threads = 1)
{
    /// <summary>Time of a call that has as many cores as it has threads.</summary>
    public double Free => Alone + (Shared / Threads) + Elsewhere;

    /// <summary>Time of cores that a call takes.</summary>
    public double Work => Alone + Shared;
}

/// <summary>A stage of which nothing is left but what its calls take and what it may hold.</summary>
/// <param name="Parallelism">Calls at once, 1 or more.</param>
/// <param name="Capacity">Messages that it holds, those in hand included, 1 or more.</param>
internal sealed record ServedStage(string Name, ServiceTime Time, int Parallelism, int Capacity)
{
    /// <summary>Inputs that one output holds, 1 or more.</summary>
    public int Gathers { get; init; } = 1;

    /// <summary>Outputs of a call, on average.</summary>
    public double Outputs { get; init; } = 1;

    /// <summary>Messages that may wait behind it where it has a queue there, as one that takes one at a time; 0 where they count as held.</summary>
    public int Room { get; init; }

    public bool IsSink { get; init; }
}

/// <summary>What is simulated.</summary>
/// <param name="Items">Items of the source.</param>
/// <param name="Alive">Items that may be alive at once; what a batch still needs comes on top.</param>
internal sealed record Scenario(IReadOnlyList<ServedStage> Stages, int Cores, int Items, long Alive);

/// <summary>What came of it.</summary>
/// <param name="Seconds">From the first item to the last.</param>
/// <param name="BusySeconds">Time in calls of each stage.</param>
/// <param name="CoreSeconds">Time of cores in use.</param>
/// <param name="PeakAlive">Most items alive at once.</param>
/// <param name="MeanAlive">Items alive, on average over time.</param>
internal sealed record Simulated(Scenario Scenario, double Seconds, IReadOnlyList<double> BusySeconds, double CoreSeconds, double PeakAlive, double MeanAlive)
{
    private const double AsGoodAsAll = 0.95;

    public double PerSecond => Scenario.Items / Seconds;

    /// <summary>Share of the cores in use, 0 to 1.</summary>
    public double Used => CoreSeconds / (Seconds * Scenario.Cores);

    /// <summary>What holds it back: the cores, or a stage.</summary>
    public string Bottleneck
    {
        get
        {
            var busiest = Enumerable.Range(0, BusySeconds.Count).MaxBy(i => BusySeconds[i] / Scenario.Stages[i].Parallelism);
            return Used >= AsGoodAsAll ? "the cores" : Scenario.Stages[busiest].Name;
        }
    }
}
