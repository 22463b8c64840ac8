namespace InMARS.Pipeline.Graphs;

/// <summary>
/// The bytes that items alive in the graph may take. A ticket is taken before an item enters and given back when the
/// last message that carries it has left. An item larger than the whole budget passes alone.
/// </summary>
/// <remarks>
/// A batch that is still filling cannot let go of its items, so they count as parked: when everything alive is parked,
/// one more item passes whatever the budget says, and no batch size can dead-lock. See docs/adr/0007.
/// </remarks>
internal sealed class MemoryBudget(long limit)
{
    private readonly Lock _gate = new();
    private long _used;
    private long _live;
    private long _parked;
    private long _most = long.MaxValue;
    private (Ticket Ticket, TaskCompletionSource Admitted)? _waiting;
    private TaskCompletionSource? _quiet;

    public long PeakBytes { get; private set; }

    public long PeakItems { get; private set; }

    public long Left { get; set; }

    public long Live
    {
        get
        {
            lock (_gate)
            {
                return _live;
            }
        }
    }

    /// <summary>Bytes in use.</summary>
    public long Used
    {
        get
        {
            lock (_gate)
            {
                return _used;
            }
        }
    }

    /// <summary>Bytes that are left for arrays that wait to be used again.</summary>
    public long Room => Math.Max(0, limit - Used);

    /// <summary>Waits until the ticket fits. For one caller at a time: the source.</summary>
    public Task TakeAsync(Ticket ticket, CancellationToken stop)
    {
        lock (_gate)
        {
            if (Fits(ticket))
            {
                Admit(ticket);
                return Task.CompletedTask;
            }

            var admitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting = (ticket, admitted);
            return admitted.Task.WaitAsync(stop);
        }
    }

    /// <summary>From now on at most so many items are alive at once, what a batch still needs apart.</summary>
    public void LimitItems(long most)
    {
        lock (_gate)
        {
            _most = most;
        }
    }

    /// <summary>Waits until nothing is alive but what is parked. For the same caller as <see cref="TakeAsync"/>.</summary>
    public Task QuietAsync(CancellationToken stop)
    {
        lock (_gate)
        {
            if (_live == _parked)
            {
                return Task.CompletedTask;
            }

            _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _quiet.Task.WaitAsync(stop);
        }
    }

    /// <summary>More messages carry these tickets than before.</summary>
    public void Split(IReadOnlyList<Ticket> tickets, int more)
    {
        lock (_gate)
        {
            for (var i = 0; i < tickets.Count; i++)
            {
                var ticket = tickets[i];
                ticket.Parts += more;
                ticket.Arrays?.Pin();
            }
        }
    }

    /// <summary>A message that carried these tickets has left the graph.</summary>
    public void Leave(IReadOnlyList<Ticket> tickets)
    {
        lock (_gate)
        {
            for (var i = 0; i < tickets.Count; i++)
            {
                var ticket = tickets[i];
                if (--ticket.Parts == 0)
                {
                    _used -= ticket.Bytes;
                    _live--;
                    Left++;
                    ticket.Shard.Left++;
                    ticket.Arrays?.Return();
                }
                else if (ticket.Parts == ticket.Parked)
                {
                    _parked++;
                }
            }

            AdmitWaiting();
        }
    }

    public void Park(IReadOnlyList<Ticket> tickets)
    {
        lock (_gate)
        {
            for (var i = 0; i < tickets.Count; i++)
            {
                var ticket = tickets[i];
                if (++ticket.Parked == ticket.Parts)
                {
                    _parked++;
                }
            }

            AdmitWaiting();
        }
    }

    public void Unpark(IReadOnlyList<Ticket> tickets)
    {
        lock (_gate)
        {
            for (var i = 0; i < tickets.Count; i++)
            {
                var ticket = tickets[i];
                if (ticket.Parked-- == ticket.Parts)
                {
                    _parked--;
                }
            }
        }
    }

    private bool Fits(Ticket ticket) => _live == _parked || (_used + ticket.Bytes <= limit && _live < _most);

    private void Admit(Ticket ticket)
    {
        _used += ticket.Bytes;
        _live++;
        PeakBytes = Math.Max(PeakBytes, _used);
        PeakItems = Math.Max(PeakItems, _live);
    }

    private void AdmitWaiting()
    {
        if (_quiet is { } quiet && _live == _parked)
        {
            _quiet = null;
            quiet.SetResult();
        }

        if (_waiting is ({ } ticket, { } admitted) && Fits(ticket))
        {
            _waiting = null;
            Admit(ticket);
            admitted.SetResult();
        }
    }
}
