using System.Collections.Concurrent;
using System.Diagnostics;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>What a stage's kernel is at, so that an item that holds everything up can be named.</summary>
internal sealed class ItemsInHand
{
    private readonly ConcurrentDictionary<object, long> _since = new(ReferenceEqualityComparer.Instance);

    public void Take<T>(Item<T> item) => _since[item] = Stopwatch.GetTimestamp();

    public void Leave<T>(Item<T> item) => _since.TryRemove(item, out _);

    /// <summary>Their number, and where the oldest came from.</summary>
    public (int Count, Origin? Oldest, TimeSpan Age) Look()
    {
        var now = _since.ToArray();
        if (now.Length == 0)
        {
            return (0, null, TimeSpan.Zero);
        }

        var (item, since) = now.MinBy(i => i.Value);
        return (now.Length, ((IHasTickets)item).Tickets is [var first, ..] ? first.Origin : default(Origin), Stopwatch.GetElapsedTime(since));
    }
}
