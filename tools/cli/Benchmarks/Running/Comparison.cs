using System.Globalization;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>Figures of now over those of an earlier bench.</summary>
/// <param name="Spread">What medians may differ by without meaning, as a share above 0.</param>
internal sealed record Comparison(BenchResults Old, BenchResults New, double Spread)
{
    /// <summary>Figures that got worse by more than the spread.</summary>
    public int Worse => Pairs().Count(pair => Verdict(pair.Old, pair.New) == "worse");

    /// <summary>One table a part, as Markdown, behind a line for each thing that makes figures differ by themselves.</summary>
    public string Markdown => string.Join('\n', [.. Differences(), .. New.Parts.SelectMany(Table)]);

    /// <summary>How often the old figure goes into the new one.</summary>
    private static double Ratio(Figure old, Figure now) => old.Median == now.Median ? 1 : now.Median / old.Median;

    private string Verdict(Figure old, Figure now)
    {
        var (ratio, limit) = (Ratio(old, now), 1 + Spread);
        var growth = now.Better == Better.Lower ? "worse" : "better";
        var decline = now.Better == Better.Lower ? "better" : "worse";
        return ratio > limit ? growth : ratio < 1 / limit ? decline : "";
    }

    private IEnumerable<(Figure Old, Figure New)> Pairs() => New.Parts.SelectMany(part => Pairs(part, OldOf(part)));

    private static IEnumerable<(Figure Old, Figure New)> Pairs(PartResult part, PartResult? old) =>
        from now in part.Figures
        join before in old?.Figures ?? [] on now.Name equals before.Name
        select (before, now);

    private PartResult? OldOf(PartResult part) => Old.Parts.FirstOrDefault(old => old.Name == part.Name);

    private IEnumerable<string> Differences()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"## Compared with {Old.Started:yyyy-MM-dd HH:mm} ({Old.Program}); marked where the median got worse or better by more than {100 * Spread:0.#} %");
        if (Old.Machine != New.Machine)
        {
            yield return $"\nAnother machine. Old: {Old.Machine}. New: {New.Machine}.";
        }

        if (Old.Quick || New.Quick)
        {
            yield return "\nOne of them is a quick bench, whose figures mean nothing.";
        }
    }

    private IEnumerable<string> Table(PartResult part)
    {
        if (OldOf(part) is not { } old)
        {
            return [$"\n{part.Name}: not measured then."];
        }

        return
        [
            $"\n### {part.Name}\n",
            .. old.Setting == part.Setting ? Array.Empty<string>() : [$"Another setting. Old: {old.Setting}. New: {part.Setting}.\n"],
            "| figure | old | new | new / old | |\n|---|---|---|---|---|",
            .. Pairs(part, old).Select(pair => $"| {pair.New.Name} | {Value(pair.Old)} | {Value(pair.New)} | {PartTable.Number(Ratio(pair.Old, pair.New))} | {Verdict(pair.Old, pair.New)} |"),
            .. part.Figures.ExceptBy(old.Figures.Select(f => f.Name), f => f.Name).Select(f => $"| {f.Name} | | {Value(f)} | | new |"),
            .. old.Figures.ExceptBy(part.Figures.Select(f => f.Name), f => f.Name).Select(f => $"| {f.Name} | {Value(f)} | | | gone |"),
        ];
    }

    private static string Value(Figure figure) => $"{PartTable.Number(figure.Median)} {figure.Unit}".TrimEnd();
}
