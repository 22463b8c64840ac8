using InMARS.Cli.Display;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Execution;

/// <summary>Any exception as one sentence and an exit code.</summary>
internal static class Failure
{
    public static (int Code, string Sentence) Of(Exception e, CancellationToken interrupt) => e switch
    {
        OperationCanceledException when interrupt.IsCancellationRequested => (ExitCodes.Interrupted, "interrupted"),
        RunException or IOException or UnauthorizedAccessException => (ExitCodes.Failed, Plain.OneLine(e.Message)),
        _ when NativeCause(e) is { } native => (ExitCodes.Failed, $"a native library does not load: {Plain.OneLine(native.Message)}; `inmars doctor` says what is missing and what mends it"),
        _ => (ExitCodes.Failed, $"unexpected {e.GetType().Name}: {Plain.OneLine(e.Message.Trim().Split('\n')[0])}"),
    };

    private static Exception? NativeCause(Exception? e) => e switch
    {
        null => null,
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => e,
        _ => NativeCause(e.InnerException),
    };
}
