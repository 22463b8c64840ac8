using System.Globalization;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>The figures of a part as Markdown.</summary>
internal static class PartTable
{
    public static string Of(BenchPart part, PartResult result) => string.Join('\n',
    [
        $"## {part.Name}: {part.Title}",
        "",
        string.Create(CultureInfo.InvariantCulture, $"{result.Setting}. {result.Seconds:0} s; load {result.LoadBefore:0.0} before, {result.LoadAfter:0.0} after."),
        "",
        "| figure | median | fastest | unit | rounds | target | |",
        "|---|---|---|---|---|---|---|",
        .. result.Figures.Select(Row),
    ]);

    /// <summary>A number with four digits that count, without an exponent.</summary>
    public static string Number(double value) => double.IsInfinity(value)
        ? "∞"
        : value.ToString($"F{Math.Clamp(3 - (value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)))), 0, 4)}", CultureInfo.InvariantCulture);

    private static string Row(Figure f) =>
        $"| {f.Name} | {Number(f.Median)} | {(f.Fastest is { } fastest ? Number(fastest) : "")} | {f.Unit} | {(f.Fastest is null ? "" : $"{f.Rounds}")} | {Target(f)} | {Verdict(f)} |";

    private static string Target(Figure f) => f.Target is { } target ? $"at {(f.Better == Better.Lower ? "most" : "least")} {Plain(target)}" : "";

    private static string Plain(double target) => target.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Verdict(Figure f) => f.Met switch
    {
        true => "met",
        false => "missed",
        null => "",
    };
}
