using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Display;

/// <summary>A run as lines of text, for logs: when a flow starts and ends, and every so often in between.</summary>
internal sealed class LineView : IRunView
{
    private readonly Lock _gate = new();
    private readonly Messages _messages = new();
    private readonly Shell _shell;
    private readonly bool _quiet;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _interrupted;
    private (FlowProgress Progress, long Started)? _running;

    /// <param name="every">Time between two lines of progress.</param>
    /// <param name="quiet">Warnings only.</param>
    public LineView(Shell shell, TimeSpan every, bool quiet)
    {
        (_shell, _quiet) = (shell, quiet);
        _timer = shell.Time.CreateTimer(_ => Tick(), null, every, every);
        _interrupted = shell.Interrupt.Register(() => Write(_shell.Error, Sentences.Stopping));
    }

    public void FlowStarted(FlowProgress progress)
    {
        lock (_gate)
        {
            _running = (progress, _shell.Time.GetTimestamp());
        }

        Say(Sentences.Started(progress));
    }

    public void FlowEnded(FlowSummary summary)
    {
        lock (_gate)
        {
            _running = null;
        }

        Say(Sentences.Ended(summary));
    }

    public void Message(string flow, string kind, string message)
    {
        if (_messages.Once(flow, kind, message) is not { } said)
        {
            return;
        }

        if (said.IsWarning)
        {
            Write(_shell.Error, said.Text);
        }
        else
        {
            Say(said.Text);
        }
    }

    public void Reported(FlowReport report)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _interrupted.DisposeAsync();
    }

    private void Tick()
    {
        (FlowProgress Progress, long Started)? running;
        lock (_gate)
        {
            running = _running;
        }

        if (running is { } r)
        {
            Say(FlowState.Of(r.Progress, _shell.Time.GetElapsedTime(r.Started)).ToString());
        }
    }

    private void Say(string line)
    {
        if (!_quiet)
        {
            Write(_shell.Out, line);
        }
    }

    private void Write(TextWriter writer, string line)
    {
        lock (_gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }
}
