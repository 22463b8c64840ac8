namespace InMARS.Pipeline.Graphs;

/// <summary>A closed graph: source, stages and sinks as one value that does nothing until it is run.</summary>
public interface IGraph
{
    /// <summary>Runs to the end of the source, or until something fails; returns the books, or throws what went wrong first.</summary>
    internal Task RunAsync(Run run);

    internal IReadOnlyList<Stages.StageNode> Nodes { get; }

    /// <summary>Names of its stages in order, the source first and the sinks last.</summary>
    sealed IReadOnlyList<string> StageNames => [.. Nodes.Select(n => n.Name)];

    /// <summary>The files its source reads, as far as they are there.</summary>
    IReadOnlyList<string> Inputs { get; }
}
