namespace InMARS.Pipeline.Stages;

/// <summary>What a stage fills for an item: arrays of its output that are not those of its input.</summary>
/// <param name="Extent">Of the output.</param>
/// <param name="Bytes">Of one item.</param>
public readonly record struct Filling(string Stage, Extent Extent, long Bytes);
