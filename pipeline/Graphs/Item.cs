using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>A value on its way through the graph.</summary>
/// <param name="Context">Where it stands; the seed is filled in by each stage.</param>
/// <param name="Tickets">The source items it was made of.</param>
/// <param name="ReadyAt">Time stamp at which the stage before had it ready.</param>
internal sealed record Item<T>(T Value, ItemContext Context, IReadOnlyList<Ticket> Tickets, long ReadyAt) : IHasTickets;

/// <summary>A message of whatever type.</summary>
internal interface IHasTickets
{
    IReadOnlyList<Ticket> Tickets { get; }
}

/// <summary>One source item that is alive in the graph.</summary>
internal sealed class Ticket(Origin origin, long bytes, ShardBooks.Account shard, Original? original = null)
{
    public Origin Origin { get; } = origin;

    public long Bytes { get; } = bytes;

    /// <summary>Counts of the shard it came from.</summary>
    public ShardBooks.Account Shard { get; } = shard;

    public Original? Original { get; } = original;

    /// <summary>Arrays of all messages that carry it.</summary>
    public ItemArrays? Arrays { get; init; }

    /// <summary>Messages that carry this ticket; guarded by the budget.</summary>
    public int Parts { get; set; } = 1;

    /// <summary>Of those, messages that wait in a batch that is not full yet; guarded by the budget.</summary>
    public int Parked { get; set; }
}
