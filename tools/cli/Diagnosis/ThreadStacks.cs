using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing.Etlx;

namespace InMARS.Cli.Diagnosis;

/// <summary>
/// Managed stacks of this process, by the runtime's own sampling profiler, as <c>dotnet-stack</c> reads those of another. The
/// runtime stops its threads for it no longer than for a garbage collection; it takes no rights and no second process.
/// </summary>
internal static class ThreadStacks
{
    private const string Sampler = "Microsoft-DotNETCore-SampleProfiler";

    /// <summary>Long enough for some samples, which come every millisecond or as often as the machine can.</summary>
    private static readonly TimeSpan Sampling = TimeSpan.FromMilliseconds(200);

    /// <summary>One paragraph for each stack, with the threads that stand at it; takes a second or two.</summary>
    /// <exception cref="ServerNotAvailableException">Diagnostics are switched off (<c>DOTNET_EnableDiagnostics</c>).</exception>
    /// <exception cref="IOException">There is no room for temporary files.</exception>
    public static string Read()
    {
        var folder = Directory.CreateTempSubdirectory("inmars-stacks-");
        try
        {
            var trace = Path.Combine(folder.FullName, "stacks.nettrace");
            Sample(trace);
            using var log = new TraceLog(TraceLog.CreateFromEventPipeDataFile(trace));
            return Text(Stacks(log));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Sample(string trace)
    {
        using var session = new DiagnosticsClient(Environment.ProcessId).StartEventPipeSession(
            [new EventPipeProvider(Sampler, EventLevel.Informational)], requestRundown: true, circularBufferMB: 64);
        using var file = File.Create(trace);
        var copied = session.EventStream.CopyToAsync(file);
        Thread.Sleep(Sampling);
        session.Stop();
        copied.GetAwaiter().GetResult();
    }

    /// <summary>The last stack of each thread but the one that asks.</summary>
    private static IEnumerable<(int Thread, string Stack)> Stacks(TraceLog log) => log.Events
        .Where(e => e.ProviderName == Sampler)
        .Select(e => (e.ThreadID, Stack: e.CallStackIndex())) // The log hands out one and the same event again and again.
        .GroupBy(sample => sample.ThreadID)
        .Select(samples => (samples.Key, Frames(log.CallStacks[samples.Last().Stack])))
        .Where(thread => !thread.Item2.Contains($"{nameof(ThreadStacks)}.{nameof(Sample)}", StringComparison.Ordinal));

    private static string Frames(TraceCallStack? stack)
    {
        var text = new StringBuilder();
        for (var frame = stack; frame is not null; frame = frame.Caller)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {Name(frame.CodeAddress)}\n");
        }

        return text.Length > 0 ? text.ToString() : "    no managed frames\n";
    }

    private static string Name(TraceCodeAddress code) => code.FullMethodName is { Length: > 0 } method
        ? $"{method.Split('(')[0]} ({code.ModuleName})"
        : "?";

    private static string Text(IEnumerable<(int Thread, string Stack)> stacks) => string.Join('\n', stacks
        .GroupBy(thread => thread.Stack, thread => thread.Thread)
        .OrderBy(group => group.Min())
        .Select(group => $"{string.Join(", ", group.Order().Select(Label))}\n{group.Key}"));

    /// <summary>Its number, and its name where the system knows one.</summary>
    private static string Label(int thread)
    {
        try
        {
            return string.Create(CultureInfo.InvariantCulture, $"{thread} {File.ReadAllText($"/proc/self/task/{thread}/comm").Trim()}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return thread.ToString(CultureInfo.InvariantCulture);
        }
    }
}
