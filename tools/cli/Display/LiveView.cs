using System.Collections.Concurrent;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace InMARS.Cli.Display;

/// <summary>A run on a terminal: the flow that runs is redrawn in place, and what is done scrolls up.</summary>
internal sealed class LiveView : IRunView
{
    private const int BarWidth = 24;
    private static readonly TimeSpan BetweenFrames = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentQueue<Markup> _lines = new();
    private readonly Messages _messages = new();
    private readonly Shell _shell;
    private readonly IAnsiConsole _console;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenRegistration _interrupted;
    private readonly Task _drawing;
    private volatile Running? _running;

    public LiveView(Shell shell, IAnsiConsole console)
    {
        (_shell, _console) = (shell, console);
        _interrupted = shell.Interrupt.Register(() => Enqueue(Sentences.Stopping, "yellow"));
        _drawing = console.Live(new Text("")).AutoClear(true).StartAsync(DrawAsync);
    }

    public void FlowStarted(FlowProgress progress) => _running = new Running(progress, _shell.Time.GetTimestamp());

    public void FlowEnded(FlowSummary summary)
    {
        _running = null;
        Enqueue(Sentences.Ended(summary), null);
    }

    public void Message(string flow, string kind, string message)
    {
        if (_messages.Once(flow, kind, message) is { } said)
        {
            Enqueue(said.Text, said.IsWarning ? "yellow" : "dim");
        }
    }

    public void Reported(FlowReport report)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await _interrupted.DisposeAsync();
        await _ended.CancelAsync();
        await _drawing;
        WriteLines();
        _ended.Dispose();
    }

    /// <summary>What stands below the lines that are done: the flow with its bar, and its live figures.</summary>
    internal static IRenderable Frame(FlowState state, bool unicode)
    {
        var done = (int)Math.Round(BarWidth * (state.Share ?? 0));
        var (full, empty) = unicode ? ('━', '━') : ('#', '-');
        var bar = state.Share is null ? "" : $"[green]{new string(full, done)}[/][dim]{new string(empty, BarWidth - done)}[/] ";
        var head = $"[bold]{Markup.Escape(state.Flow)}[/] {bar}{Markup.Escape(state.Figures)}";
        return state.ShownFigures.Length == 0 ? new Markup(head) : new Rows(new Markup(head), new Markup($"  [dim]{Markup.Escape(state.ShownFigures)}[/]"));
    }

    private async Task DrawAsync(LiveDisplayContext display)
    {
        while (!_ended.IsCancellationRequested)
        {
            WriteLines();
            display.UpdateTarget(_running is { } r
                ? Frame(FlowState.Of(r.Progress, _shell.Time.GetElapsedTime(r.Started)), _console.Profile.Capabilities.Unicode)
                : new Text(""));
            await Task.Delay(BetweenFrames, _shell.Time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void WriteLines()
    {
        while (_lines.TryDequeue(out var line))
        {
            _console.Write(new LineAbove(line));
        }
    }

    private void Enqueue(string text, string? style) =>
        _lines.Enqueue(new Markup(style is null ? Markup.Escape(text) : $"[{style}]{Markup.Escape(text)}[/]"));

    private sealed record Running(FlowProgress Progress, long Started);

    /// <summary>A line that takes the place of the live display, which moves down by it; what it had drawn there is erased first.</summary>
    private sealed record LineAbove(IRenderable Line) : IRenderable
    {
        private const string EraseBelow = "\u001b[0J";

        public Measurement Measure(RenderOptions options, int maxWidth) => Line.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            [Segment.Control(EraseBelow), .. Line.Render(options, maxWidth), Segment.LineBreak];
    }
}
