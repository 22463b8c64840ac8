using System.CommandLine;
using InMARS.Cli;
using InMARS.Cli.Benchmarks;
using InMARS.Cli.Benchmarks.Running;
using InMARS.Cli.Commands;
using InMARS.Cli.Execution;
using InMARS.Stages;

namespace InMARS.Bench;

/// <summary><c>inmars bench</c> with further parts: what a developer watches, and what needs BenchmarkDotNet.</summary>
internal static class BenchProgram
{
    public static IReadOnlyList<BenchPart> Parts { get; } =
    [
        .. BenchParts.All,
        new("overhead", "the graph with stages that do nothing", GraphOverhead.MeasureAsync),
        new("assignment", "clusters to classes, one to one", KernelCosts.AssignmentAsync),
        new("index", "shards indexed by their headers", IndexSpeed.MeasureAsync),
        new("allocation", "managed memory that an image costs", Allocation.MeasureAsync),
        new("memory", "resident memory from a tenth of a long flow to its end", MemoryFlatness.MeasureAsync),
    ];

    public static async Task<int> Main(string[] args)
    {
        using var interrupt = new InterruptSignal();
        return await InvokeAsync(args, new Shell(Console.Out, Console.Error, [new StandardStages()], RunFacts.Settle, TimeProvider.System, interrupt.Token));
    }

    /// <returns>The exit code, as of <c>inmars</c>.</returns>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> args, Shell shell)
    {
        try
        {
            return await BenchCommand.Make(shell, Parts).Parse(args).InvokeAsync(
                new InvocationConfiguration { Output = shell.Out, Error = shell.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, CancellationToken.None);
        }
        catch (Exception e)
        {
            var (code, sentence) = Failure.Of(e, shell.Interrupt);
            await shell.Error.WriteLineAsync($"bench: {sentence}");
            return code;
        }
    }
}
