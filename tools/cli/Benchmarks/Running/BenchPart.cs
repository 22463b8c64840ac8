namespace InMARS.Cli.Benchmarks.Running;

/// <summary>What can be measured by itself.</summary>
/// <param name="Name">One word for the command line.</param>
/// <param name="Title">What is measured, for the head of its table.</param>
internal sealed record BenchPart(string Name, string Title, Func<Workbench, Task<Measured>> Measure)
{
    /// <summary>Whether it measures nothing but the segmentations that the user has.</summary>
    public bool NeedsLabels { get; init; }
}

/// <summary>What a part found.</summary>
/// <param name="Setting">With what: images, sizes, options. Figures of different settings cannot be compared.</param>
internal sealed record Measured(string Setting, IReadOnlyList<Figure> Figures)
{
    /// <summary>A table of its own below that of the figures, as Markdown; null for none.</summary>
    public string? Table { get; init; }
}

/// <summary>What a part found, and how busy the machine was.</summary>
/// <param name="LoadBefore">Processes that wanted a core in the minute before, on average; the part before this one counts too.</param>
/// <param name="LoadAfter">The same at its end.</param>
internal sealed record PartResult(string Name, string Setting, double LoadBefore, double LoadAfter, double Seconds, IReadOnlyList<Figure> Figures);

/// <summary>All that a bench measured.</summary>
/// <param name="Program">Version of this program.</param>
/// <param name="Quick">Whether it only tried that everything works: its figures mean nothing.</param>
internal sealed record BenchResults(string Program, DateTimeOffset Started, bool Quick, Machine Machine, IReadOnlyList<PartResult> Parts);
