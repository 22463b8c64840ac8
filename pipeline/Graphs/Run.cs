using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

internal sealed class Run
{
    public Outlet<T> OpenSource<T>(Source<T> source) => throw new InvalidOperationException(source.Name);
}

internal sealed class Ticket;

internal sealed class StageBooks;
