using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>What <c>inmars bench scale</c> is asked.</summary>
/// <param name="RunFile">Run file whose flows are scaled; null for training and prediction with defaults.</param>
/// <param name="Images">Images of every flow; null for as many as take some seconds.</param>
/// <param name="Rounds">Rounds that count; the fastest gives a stage's time.</param>
/// <param name="DeviceRate">Images a second of a GPU; null for none.</param>
/// <param name="Check">Whether prediction is held against flows that really run, with 1 core and with all.</param>
internal sealed record ScaleRequest(
    string? RunFile, IReadOnlyList<(int Width, int Height)> Sizes, IReadOnlyList<int> Cores, int? Images, int Rounds, double? DeviceRate, bool Check)
{
    /// <summary>Threads of numeric libraries on the machine that is predicted: all of its cores.</summary>
    public int Threads => 0;
}

/// <summary>Predicts flows on machines that are not there, by what each stage takes on this one.</summary>
internal sealed class ScaleBench(ScaleRequest request, Shell shell)
{
    /// <summary>Images of a simulated flow; enough that filling and draining the graph do not count.</summary>
    private const int Simulated = 1000;
    private const double MiB = 1 << 20;

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("inmars-bench-").FullName;
        try
        {
            var measurement = new ScaleMeasurement(request, new ScaleRuns(request, folder, shell), shell);
            var flows = new List<MeasuredFlow>();
            foreach (var size in request.Sizes)
            {
                flows.AddRange(await measurement.OfAsync(size));
            }

            Print(flows);
            if (request.Check)
            {
                await CheckAsync(flows, folder);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Print(List<MeasuredFlow> flows)
    {
        shell.Out.WriteLine($"processor time on this machine, one image at a time; the least of {Display.Plain.Count(request.Rounds, "round")}\n");
        shell.Out.WriteLine($"| flow | image | stage | calls an image | ms a call, one thread | with {Environment.ProcessorCount} threads: alone | shared |\n|---|---|---|---|---|---|---|");
        foreach (var flow in flows)
        {
            foreach (var stage in flow.Stages)
            {
                shell.Out.WriteLine(FormattableString.Invariant(
                    $"| {flow.Flow} | {flow.Size} | {stage.Shape.Name} | {stage.Calls:0.###} | {stage.OneThread:0.000} | {stage.Threads?.Alone:0.000} | {stage.Threads?.Shared:0.000} |"));
            }
        }

        shell.Out.WriteLine("\n| flow | image | cores | GPU, images/s | images/s | cores in use | bottleneck | memory of images, MiB |\n|---|---|---|---|---|---|---|---|");
        foreach (var (flow, machine) in flows.SelectMany(_ => Machines(), (flow, machine) => (flow, machine)))
        {
            if (machine.DeviceRate is not null && !flow.Stages.Any(s => s.Threads is not null))
            {
                continue;
            }

            var found = Simulation.Run(flow.On(machine, Simulated));
            shell.Out.WriteLine(FormattableString.Invariant(
                $"| {flow.Flow} | {flow.Size} | {machine.Cores} | {(machine.DeviceRate is { } rate ? $"{rate:0.#}" : "none")} | {found.PerSecond:0.00} | {found.Used:P0} | {found.Bottleneck} | {found.PeakAlive * flow.ItemBytes / MiB:0.0} |"));
        }
    }

    private IEnumerable<Machine> Machines() =>
        new[] { (double?)null, request.DeviceRate }.Distinct().SelectMany(_ => request.Cores, (rate, cores) => new Machine(cores, rate));

    private async Task CheckAsync(List<MeasuredFlow> flows, string folder)
    {
        const double Wanted = 0.1;
        var load = Running.Machine.Load();
        var rows = new List<string>();
        foreach (var cores in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            foreach (var real in await PinnedRun.OfAsync(request, folder, cores, shell))
            {
                var flow = flows.Find(f => f.Flow == real.Flow && f.Size == real.Size) ?? throw new RunException($"nothing was measured of flow '{real.Flow}'");
                var predicted = Simulation.Run(flow.On(new Machine(cores, null), Simulated));
                var ratio = predicted.PerSecond / real.PerSecond;
                rows.Add(FormattableString.Invariant(
                    $"| {real.Flow} | {real.Size} | {cores} | {predicted.PerSecond:0.00} | {real.PerSecond:0.00} | {ratio:0.000} | {(Math.Abs(ratio - 1) <= Wanted ? "met" : "missed")} | {1000 * predicted.CoreSeconds / Simulated:0.0} | {real.ProcessorMs:0.0} | {predicted.Used:0.00} | {real.InUse:0.00} | {real.Efficiency:0.00} | {real.Others:0.00} |"));
            }
        }

        shell.Out.WriteLine(FormattableString.Invariant($"\nprediction beside flows that really run; load {load:0.0} before, {Running.Machine.Load():0.0} after\n"));
        shell.Out.WriteLine("| flow | image | cores | predicted, images/s | measured, images/s | predicted / measured | within 10 % | processor, ms an image: predicted | measured | cores in use: predicted | measured | kernel time / (wall x cores) | cores that others had |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        rows.ForEach(shell.Out.WriteLine);
    }
}
