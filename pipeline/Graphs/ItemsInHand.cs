using System.Diagnostics;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>What a stage's kernels are at, so that an item that holds everything up can be named. There are few at a time.</summary>
internal sealed class ItemsInHand
{
    private readonly Lock _gate = new();
    private readonly List<(IHasTickets Item, long Since)> _items = [];

    public void Take<T>(Item<T> item)
    {
        lock (_gate)
        {
            _items.Add((item, Stopwatch.GetTimestamp()));
        }
    }

    public void Leave<T>(Item<T> item)
    {
        lock (_gate)
        {
            for (var at = 0; at < _items.Count; at++)
            {
                if (ReferenceEquals(_items[at].Item, item))
                {
                    _items.RemoveAt(at);
                    return;
                }
            }
        }
    }

    /// <summary>Their number, and where the oldest came from.</summary>
    public (int Count, Origin? Oldest, TimeSpan Age) Look()
    {
        lock (_gate)
        {
            return _items is [var oldest, ..]
                ? (_items.Count, oldest.Item.Tickets is [var first, ..] ? first.Origin : null, Stopwatch.GetElapsedTime(oldest.Since))
                : (0, null, TimeSpan.Zero);
        }
    }
}
