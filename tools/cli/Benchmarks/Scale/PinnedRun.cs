using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>What a flow really does.</summary>
/// <param name="Efficiency">As <see cref="Pipeline.Graphs.FlowSummary.Efficiency"/>.</param>
/// <param name="ProcessorMs">Time of all processors, of an image, in milliseconds.</param>
/// <param name="InUse">Share of the cores' time that the process had.</param>
/// <param name="Others">Cores of the machine that others kept busy.</param>
internal sealed record RealFlow(string Flow, string Size, double PerSecond, double Efficiency, double ProcessorMs, double InUse, double Others);

/// <summary>Flows as they really run, in a process of their own that has some of the cores.</summary>
internal static class PinnedRun
{
    private const string Pin = "taskset";

    /// <summary>Time of a flow that counts, in seconds.</summary>
    private const double Seconds = 4;

    /// <summary>Starts this program again, with the first cores only.</summary>
    /// <param name="folder">Where scenes lie that were made before, and others may.</param>
    /// <exception cref="RunException">It could not be started, or failed.</exception>
    public static async Task<IReadOnlyList<RealFlow>> OfAsync(ScaleRequest request, string folder, int cores, Shell shell)
    {
        string[] arguments =
        [
            "-c", $"0-{cores - 1}", Environment.ProcessPath!, "bench", "scale", ScaleCommand.Real, folder,
            "--sizes", string.Join(',', request.Sizes.Select(s => $"{s.Width}x{s.Height}")),
            .. request.Images is { } images ? new[] { "--images", images.ToString(CultureInfo.InvariantCulture) } : [],
            .. request.RunFile is { } file ? new[] { "--run", file } : [],
        ];
        using var process = Start(arguments);
        await using var stopping = shell.Interrupt.Register(() => process.Kill());
        var wrong = PassOnAsync(process.StandardError, shell);
        var told = await process.StandardOutput.ReadToEndAsync(shell.Interrupt);
        await process.WaitForExitAsync(shell.Interrupt);
        var last = await wrong;
        return process.ExitCode == ExitCodes.Clean
            ? JsonSerializer.Deserialize<RealFlow[]>(told)!
            : throw new RunException($"the flow with {cores} of the cores failed: {last}");
    }

    /// <summary>Runs the flows as the run file says, after some that warm up; told as JSON.</summary>
    public static async Task TellAsync(ScaleRequest request, string folder, Shell shell)
    {
        var (runs, real) = (new ScaleRuns(request, folder, shell), new List<RealFlow>());
        foreach (var size in request.Sizes)
        {
            await shell.Error.WriteLineAsync($"running {size.Width} x {size.Height} with {Display.Plain.Count(Environment.ProcessorCount, "core")}");
            real.AddRange(await OfAsync(request, runs, size));
        }

        await shell.Out.WriteLineAsync(JsonSerializer.Serialize(real));
    }

    private static async Task<IEnumerable<RealFlow>> OfAsync(ScaleRequest request, ScaleRuns runs, (int Width, int Height) size)
    {
        var images = await runs.ImagesAsync(size, request.Threads, Seconds);
        var flows = await runs.RunAsync(runs.Plan(size, request.Threads, images), oneAtATime: false);
        return flows.Select(f => new RealFlow(
            f.Summary.Flow,
            $"{size.Width} x {size.Height}",
            f.Pace.PerSecond,
            f.Summary.Efficiency(Environment.ProcessorCount),
            1000 * f.Pace.ProcessorSeconds / f.Pace.Items,
            f.Pace.ProcessorSeconds / f.Pace.Seconds / Environment.ProcessorCount,
            f.Pace.Others));
    }

    /// <summary>What the other process tells of its progress is told here.</summary>
    /// <returns>Its last line.</returns>
    private static async Task<string> PassOnAsync(StreamReader from, Shell shell)
    {
        var last = "";
        while (await from.ReadLineAsync(shell.Interrupt) is { } line)
        {
            last = line;
            await shell.Error.WriteLineAsync(line);
        }

        return last;
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
