namespace InMARS.Cli.Benchmarks.Running;

/// <summary>What a figure is a number of.</summary>
internal enum FigureKind
{
    Time,
    Rate,
    Ratio,
    Bytes,
}

/// <summary>Which way a figure improves.</summary>
internal enum Better
{
    Lower,
    Higher,
}

/// <summary>One measured figure.</summary>
/// <param name="Name">Names it within its part; the same from one version of the program to the next.</param>
/// <param name="Median">Median of the rounds, or the one value where there are no rounds; finite.</param>
/// <param name="Unit">Such as <c>ms</c>; empty for a ratio.</param>
internal sealed record Figure(string Name, double Median, string Unit, FigureKind Kind)
{
    /// <summary>The same by the fastest rounds, which others on the machine disturb least; null where there are no rounds.</summary>
    public double? Fastest { get; init; }

    /// <summary>Rounds behind it, 1 or more.</summary>
    public int Rounds { get; init; } = 1;

    public Better Better { get; init; } = Kind == FigureKind.Rate ? Better.Higher : Better.Lower;

    /// <summary>The most it may be, or the least where higher is better; null for none.</summary>
    public double? Target { get; init; }

    /// <summary>Whether the median meets the target; null where there is none.</summary>
    public bool? Met => Target is { } target ? (Better == Better.Lower ? Median <= target : Median >= target) : null;

    /// <summary>Milliseconds.</summary>
    public static Figure Time(string name, Times times) => new(name, times.Median, "ms", FigureKind.Time) { Fastest = times.Minimum, Rounds = times.Rounds };

    /// <summary>How often <paramref name="count"/> things are done in a second, where all take these times.</summary>
    public static Figure Rate(string name, Times times, double count, string unit) =>
        new(name, 1000 * count / times.Median, unit, FigureKind.Rate) { Fastest = 1000 * count / times.Minimum, Rounds = times.Rounds };

    /// <summary>One time over another, of medians and of minima.</summary>
    public static Figure Ratio(string name, Times times, Times over, Better better = Better.Lower) =>
        new(name, times.Median / over.Median, "", FigureKind.Ratio) { Fastest = times.Minimum / over.Minimum, Rounds = times.Rounds, Better = better };
}
