using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>A value on its way through the graph, with where it came from.</summary>
internal sealed record Item<T>(T Value, ItemContext Context, IReadOnlyList<Ticket> Tickets, long ReadyAt);
