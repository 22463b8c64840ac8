using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>What a flow really does.</summary>
/// <param name="Efficiency">As <see cref="Pipeline.Graphs.FlowSummary.Efficiency"/>.</param>
/// <param name="ProcessorMs">Time of all processors, of an image, in milliseconds.</param>
/// <param name="InUse">Share of the cores' time that the process had.</param>
internal sealed record RealFlow(string Flow, string Size, double PerSecond, double Efficiency, double ProcessorMs, double InUse);

/// <summary>Flows as they really run, in a process of their own that has some of the cores.</summary>
internal static class PinnedRun
{
    private const string Pin = "taskset";

    /// <summary>Starts this program again, with the first cores only.</summary>
    /// <exception cref="RunException">It could not be started, or failed.</exception>
    public static async Task<IReadOnlyList<RealFlow>> OfAsync(ScaleRequest request, int cores, CancellationToken stop)
    {
        string[] arguments =
        [
            "-c", $"0-{cores - 1}", Environment.ProcessPath!, "bench", "scale", ScaleCommand.Real,
            "--sizes", string.Join(',', request.Sizes.Select(s => $"{s.Width}x{s.Height}")),
            "--images", request.Images.ToString(CultureInfo.InvariantCulture), "--repeats", request.Rounds.ToString(CultureInfo.InvariantCulture),
            .. request.RunFile is { } file ? new[] { "--run", file } : [],
        ];
        using var process = Start(arguments);
        await using var stopping = stop.Register(() => process.Kill());
        var wrong = process.StandardError.ReadToEndAsync(stop);
        var told = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == ExitCodes.Clean
            ? JsonSerializer.Deserialize<RealFlow[]>(told)!
            : throw new RunException($"the flow with {cores} of the cores failed: {(await wrong).Trim()}");
    }

    /// <summary>Runs the flows as the run file says, in rounds that follow one to warm up; told as JSON.</summary>
    public static async Task TellAsync(ScaleRequest request, Shell shell)
    {
        var folder = Directory.CreateTempSubdirectory("inmars-bench-").FullName;
        try
        {
            var (runs, real) = (new ScaleRuns(request, folder, shell), new List<RealFlow>());
            foreach (var size in request.Sizes)
            {
                real.AddRange(await OfAsync(request, runs, size));
            }

            await shell.Out.WriteLineAsync(JsonSerializer.Serialize(real));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>Of each flow its fastest round.</returns>
    private static async Task<IEnumerable<RealFlow>> OfAsync(ScaleRequest request, ScaleRuns runs, (int Width, int Height) size)
    {
        var rounds = new List<RealFlow>();
        for (var round = 0; round <= request.Rounds; round++)
        {
            var flows = await runs.RunAsync(runs.Plan(size, request.Threads), oneAtATime: false);
            rounds.AddRange(round == 0 ? [] : flows.Select(f => new RealFlow(
                f.Summary.Flow,
                $"{size.Width} x {size.Height}",
                f.Summary.Read / f.Seconds,
                f.Summary.Efficiency(Environment.ProcessorCount),
                1000 * f.ProcessorSeconds / f.Summary.Read,
                f.ProcessorSeconds / f.Seconds / Environment.ProcessorCount)));
        }

        return rounds.GroupBy(r => r.Flow).Select(g => g.MaxBy(r => r.PerSecond)!);
    }

    private static Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(Pin, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
                ?? throw new RunException($"cannot start '{Pin}'");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new RunException($"cannot start '{Pin}', which gives a process some of the cores: {e.Message}", e);
        }
    }
}
