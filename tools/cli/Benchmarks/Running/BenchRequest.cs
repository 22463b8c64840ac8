namespace InMARS.Cli.Benchmarks.Running;

/// <summary>What a bench is to do.</summary>
/// <param name="Images">Folder of photographs; null for synthetic scenes.</param>
/// <param name="Labels">Folder of their segmentations; null for none.</param>
/// <param name="Rounds">Rounds of everything; null for what each part does by itself.</param>
/// <param name="Output">Folder in which <c>bench/results.json</c> is written.</param>
internal sealed record BenchRequest(string? Images, string? Labels, int? Rounds, string Output)
{
    /// <summary>Whether to try only that everything works: tiny sizes, one round.</summary>
    public bool Quick { get; init; }

    /// <summary>Results of an earlier bench to compare with; null for none.</summary>
    public string? Compare { get; init; }

    /// <summary>What medians may differ by without meaning, in percent.</summary>
    public int Spread { get; init; } = 10;

    /// <summary>Whether figures that got worse by more than the spread are a failure.</summary>
    public bool Fail { get; init; }
}
