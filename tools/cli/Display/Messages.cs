using System.Collections.Concurrent;

namespace InMARS.Cli.Display;

/// <summary>What stages have to say, each sentence of a flow once.</summary>
internal sealed class Messages
{
    private readonly ConcurrentDictionary<(string Flow, string Text), bool> _said = new();

    /// <returns>The line to print, or null when it was said before.</returns>
    public (string Text, bool IsWarning)? Once(string flow, string kind, string message)
    {
        var warning = kind == "warning";
        var text = $"{(warning ? "warning: " : "")}{(flow.Length > 0 ? $"{flow}: " : "")}{Plain.OneLine(message)}";
        return _said.TryAdd((flow, text), true) ? (text, warning) : null;
    }
}
