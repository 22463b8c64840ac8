using InMARS.Bench;
using InMARS.Cli;
using InMARS.Cli.Benchmarks.Running;
using InMARS.Stages;

namespace InMARS.Tests.Bench;

/// <summary>Benches that were never run, and the program that runs them.</summary>
internal static class Benches
{
    public static Machine Machine { get; } = new(2, "Some processor", "Some system", "10.0.1", "2.10.0", "4.13.0");

    public static BenchResults Made(params IReadOnlyList<PartResult> parts) =>
        new("0.1.0+abc", new DateTimeOffset(2026, 11, 22, 18, 0, 0, TimeSpan.Zero), false, Machine, parts);

    public static PartResult Part(string name, params IReadOnlyList<Figure> figures) => new(name, "some images", 0.5, 1.25, 2, figures);

    public static Figure Ms(string name, double median) => new(name, median, "ms", FigureKind.Time);

    /// <summary>The program of tools/bench, in this process.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var shell = new Shell(output, error, [new StandardStages()], _ => [], TimeProvider.System, TestContext.Current.CancellationToken);
        var code = await BenchProgram.InvokeAsync(args, shell).WaitAsync(TimeSpan.FromSeconds(240), TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
