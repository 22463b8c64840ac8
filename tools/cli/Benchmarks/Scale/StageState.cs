namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>A stage while it is simulated: what waits before it, what it is at in order, and what waits behind it.</summary>
internal sealed class StageState(ServedStage stage)
{
    private readonly Queue<Message> _waiting = new();
    private readonly Queue<Call> _inHand = new();
    private readonly Queue<Message> _given = new();
    private double _owed;
    private double _filling;
    private int _filled;

    public ServedStage Stage => stage;

    /// <summary>Items in a batch that is not full.</summary>
    public double Parked => _filled < stage.Gathers ? _filling : 0;

    public bool HasRoom => _waiting.Count + _inHand.Count + (stage.Room > 0 ? 0 : _given.Count) < stage.Capacity;

    /// <summary>Whether nothing is left in it but what waits for more.</summary>
    public bool IsEmpty => _waiting.Count + _inHand.Count + _given.Count == 0;

    /// <summary>What may go on to the next stage.</summary>
    public Message? Ready => _given.TryPeek(out var message) ? message : null;

    public void Take(Message message) => _waiting.Enqueue(message);

    public void Give() => _given.Dequeue();

    /// <summary>The next call that may begin; null where none may.</summary>
    public Call? Begin(int number)
    {
        if (_waiting.Count == 0 || (stage.Room > 0 ? _inHand.Count > 0 : _inHand.Count(c => !c.IsDone) >= stage.Parallelism))
        {
            return null;
        }

        var call = new Call(number, stage.Time, _waiting.Dequeue());
        _inHand.Enqueue(call);
        return call;
    }

    /// <summary>Moves what is done behind the stage, in order, as far as there is room.</summary>
    /// <returns>Whether anything moved, and the items that have left the graph.</returns>
    public (bool Moved, double Left) Settle()
    {
        var (moved, left) = (false, 0.0);
        while (_inHand.TryPeek(out var first) && first.IsDone && (stage.Room == 0 || _given.Count < stage.Room))
        {
            _ = _inHand.Dequeue();
            left += Emit(first.Input);
            moved = true;
        }

        return (moved, left);
    }

    /// <summary>Gives the batch that is not full, as nothing more will come.</summary>
    public bool Finish()
    {
        if (_filled == 0)
        {
            return false;
        }

        _given.Enqueue(new Message(_filling));
        (_filling, _filled) = (0, 0);
        return true;
    }

    /// <returns>The items that leave the graph here.</returns>
    private double Emit(Message input)
    {
        if (stage.IsSink)
        {
            return input.Items;
        }

        return stage.Gathers > 1 ? Gather(input) : Expand(input);
    }

    private double Gather(Message input)
    {
        _filling += input.Items;
        if (++_filled == stage.Gathers)
        {
            _ = Finish();
        }

        return 0;
    }

    private double Expand(Message input)
    {
        // Outputs need not be whole numbers on average; rounding must not lose any.
        const double Slack = 1e-9;
        _owed += stage.Outputs;
        var outputs = (int)Math.Floor(_owed + Slack);
        _owed -= outputs;
        for (var i = 0; i < outputs; i++)
        {
            _given.Enqueue(new Message(input.Items / outputs));
        }

        return outputs == 0 ? input.Items : 0;
    }
}
