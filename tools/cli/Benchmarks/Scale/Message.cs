namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>A value between stages.</summary>
/// <param name="Items">Items of the source that it is made of; a part where one gave several.</param>
internal readonly record struct Message(double Items);

/// <summary>A call under way, phase after phase: alone, then shared by threads, then elsewhere.</summary>
internal sealed class Call(int stage, ServiceTime time, Message input)
{
    private double _left = time.Alone;
    private int _phase;

    public int Stage => stage;

    public Message Input => input;

    public bool IsDone { get; private set; }

    /// <summary>Cores that it could use now.</summary>
    public int Wants => _phase switch { 0 => 1, 1 => time.Threads, _ => 0 };

    /// <summary>Milliseconds to the end of its phase.</summary>
    /// <param name="share">Of each core that it wants, above 0 and at most 1.</param>
    public double Ahead(double share) => _left / Rate(share);

    /// <summary>Lets time pass; at the end of a phase the next begins.</summary>
    public void Advance(double milliseconds, double share)
    {
        const double Nothing = 1e-9;
        _left -= milliseconds * Rate(share);
        while (_left <= Nothing && !IsDone)
        {
            (_left, IsDone) = ++_phase switch { 1 => (time.Shared, false), 2 => (time.Elsewhere, false), _ => (0, true) };
        }
    }

    private double Rate(double share) => Wants == 0 ? 1 : share * Wants;
}
