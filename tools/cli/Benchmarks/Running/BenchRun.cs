using System.Diagnostics;
using InMARS.Cli.Execution;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>Measures one part after another: prints each table when it is there, and writes what there is.</summary>
internal sealed class BenchRun(BenchRequest request, Shell shell)
{
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<BenchPart> parts)
    {
        var old = request.Compare is { } file ? ResultsReader.Read(file) : null;
        var path = Path.Combine(request.Output, "bench", "results.json");
        var results = new BenchResults(RunFacts.Version, shell.Time.GetUtcNow(), request.Quick, Machine.Read(), []);
        await shell.Out.WriteLineAsync($"{results.Machine}{(request.Quick ? "; a quick bench, whose figures mean nothing" : "")}\n");
        foreach (var part in parts)
        {
            shell.Interrupt.ThrowIfCancellationRequested();
            var (measured, result) = await MeasureAsync(part);
            results = results with { Parts = [.. results.Parts, result] };
            ResultsFile.Write(path, results);
            await shell.Out.WriteLineAsync($"{PartTable.Of(part, result)}\n{(measured.Table is { } table ? $"\n{table}\n" : "")}");
        }

        await shell.Out.WriteLineAsync($"Written to {path}");
        return old is null ? ExitCodes.Clean : Compare(new Comparison(old, results, request.Spread / 100.0));
    }

    private async Task<(Measured Measured, PartResult Result)> MeasureAsync(BenchPart part)
    {
        var folder = Directory.CreateTempSubdirectory("inmars-bench-").FullName;
        try
        {
            var (load, start) = (Machine.Load(), Stopwatch.GetTimestamp());
            var measured = await part.Measure(new Workbench(request, shell, folder));
            return (measured, new PartResult(part.Name, measured.Setting, load, Machine.Load(), Stopwatch.GetElapsedTime(start).TotalSeconds, measured.Figures));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private int Compare(Comparison comparison)
    {
        shell.Out.WriteLine($"\n{comparison.Markdown}");
        return request.Fail && comparison.Worse > 0 ? ExitCodes.Failed : ExitCodes.Clean;
    }
}
