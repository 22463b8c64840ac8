using System.Runtime.InteropServices;
using InMARS.Cli.Diagnosis;

namespace InMARS.Cli.Execution;

/// <summary>Ctrl-C and SIGTERM as a token. The second one ends the program at once.</summary>
internal sealed class InterruptSignal : IDisposable
{
    private const string ShowCursor = "\u001b[?25h\n";
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public InterruptSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            // A live display has hidden it, and will not come to show it again.
            Console.Write(Console.IsOutputRedirected ? "" : ShowCursor);
            Libc.ExitAtOnce(ExitCodes.Interrupted);
        }

        _ = _source.CancelAsync();
    }
}
