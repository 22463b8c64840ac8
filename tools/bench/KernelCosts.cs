using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using InMARS.Cli.Benchmarks.Running;
using Perfolizer.Horology;

namespace InMARS.Bench;

/// <summary>What single kernels cost, by BenchmarkDotNet in this process.</summary>
internal static class KernelCosts
{
    public static async Task<Measured> AssignmentAsync(Workbench bench)
    {
        var report = (await RunAsync<AssignmentKernel>(bench)).Single();
        return new Measured("27 clusters and classes, whole profits below a million, seed 7; BenchmarkDotNet", [report.Time("Hungarian assignment, 27 x 27") with { Target = 1 }, report.Allocated("allocated by it", null)]);
    }

    /// <returns>One for each kernel and size.</returns>
    public static async Task<IReadOnlyList<KernelCost>> RunAsync<T>(Workbench bench)
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(bench.Pick(Job.Default.WithWarmupCount(3).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(100)), Job.Dry).WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(bench.PathOf("benchmarkdotnet"))
            .WithOptions(ConfigOptions.DisableLogFile);
        var summary = await Task.Run(() => BenchmarkRunner.Run<T>(config));
        return summary.Reports.All(report => report.Success)
            ? [.. summary.Reports.Select(report => new KernelCost(report))]
            : throw new InvalidOperationException($"BenchmarkDotNet could not run {typeof(T).Name}: {string.Join("; ", summary.ValidationErrors.Select(e => e.Message))}");
    }
}

/// <summary>A kernel as BenchmarkDotNet measured it.</summary>
internal sealed record KernelCost(BenchmarkReport Report)
{
    /// <summary>Its method and its size.</summary>
    public string Name => string.Join(", ", [Report.BenchmarkCase.Descriptor.WorkloadMethod.Name.ToLowerInvariant(), .. Sizes]);

    /// <summary>What it was given; empty where there is no choice.</summary>
    public string Size => string.Join(", ", Sizes);

    private IEnumerable<string> Sizes => Report.BenchmarkCase.Parameters.Items.Select(p => $"{p.Value}");

    public Figure Time(string name)
    {
        var statistics = Report.ResultStatistics!;
        return Figure.Time(name, new Times(statistics.Median / 1e6, statistics.Min / 1e6, statistics.N));
    }

    /// <summary>Managed bytes of one call.</summary>
    public Figure Allocated(string name, double? target) =>
        new(name, Report.GcStats.GetBytesAllocatedPerOperation(Report.BenchmarkCase) ?? 0, "B", FigureKind.Bytes) { Target = target };
}
