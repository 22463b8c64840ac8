namespace InMARS.Pipeline.Graphs;

/// <summary>A stage of a graph as declared, before it runs.</summary>
/// <param name="Parallelism">Kernels at work at once; the most there may be where it is <c>auto</c>.</param>
/// <param name="Capacity">Messages that it may hold; the same.</param>
/// <param name="Gathers">Inputs that one of its outputs holds, at most.</param>
/// <param name="Expands">Outputs that one of its inputs gives, at most.</param>
public sealed record StageShape(string Name, int Parallelism, int Capacity, int Gathers, int Expands)
{
    public bool IsSink { get; init; }

    public bool ParallelismIsAuto { get; init; }

    public bool CapacityIsAuto { get; init; }
}
