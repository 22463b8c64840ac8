using InMARS.Cli.Execution;
using InMARS.Stages;
using TorchSharp;

namespace InMARS.Cli;

/// <summary>The <c>inmars</c> program.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        using var interrupt = new InterruptSignal();
        var shell = new Shell(Console.Out, Console.Error, [new StandardStages()], RunFacts.Settle, TimeProvider.System, interrupt.Token) { NativeValues = () => torch.Tensor.TotalCount };
        return await InvokeAsync(args, shell);
    }

    /// <summary>The one place that catches exceptions of any type: whatever happens, the user is told in a sentence.</summary>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> args, Shell shell)
    {
        try
        {
            return await CommandLine.InvokeAsync(args, shell);
        }
        catch (Exception e)
        {
            var (code, sentence) = Failure.Of(e, shell.Interrupt);
            await shell.Error.WriteLineAsync($"inmars: {sentence}");
            return code;
        }
    }
}
