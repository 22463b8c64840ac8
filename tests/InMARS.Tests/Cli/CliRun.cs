using InMARS.Cli;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

/// <summary>A command line that was run, with what it printed.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    /// <summary>All of it, for the message of a test that fails.</summary>
    public string Told => $"exit {Code}\n{Error}\n{Out}";

    /// <summary>Runs the program in this process, with toy stages unless others are given.</summary>
    public static async Task<CliRun> OfAsync(string[] args, IReadOnlyList<IStageModule>? stages = null, CancellationTokenSource? interrupt = null, TimeProvider? time = null, Func<string, long>? freeSpace = null)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var shell = new Shell(output, error, stages ?? [new ToyStages()], _ => [], time ?? TimeProvider.System, interrupt?.Token ?? CancellationToken.None)
        {
            FreeSpace = freeSpace ?? Disk.FreeAt,
        };
        var code = await Program.InvokeAsync(args, shell).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
