using InMARS.Pipeline.Modules;
using InMARS.Stages;
using InMARS.Tests.Cli;

namespace InMARS.Tests.EndToEnd;

/// <summary>The program with the stages of the product.</summary>
internal static class Product
{
    public static Task<CliRun> RunAsync(params string[] args) => CliRun.OfAsync(args, [new StandardStages()]);

    public static Task<CliRun> RunAsync(IStageModule further, CancellationTokenSource interrupt, params string[] args) =>
        CliRun.OfAsync(args, [new StandardStages(), further], interrupt);
}
