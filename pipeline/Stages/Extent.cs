namespace InMARS.Pipeline.Stages;

/// <summary>Sides of an item that is a grid.</summary>
/// <param name="Height">In cells, 1 or more.</param>
/// <param name="Width">In cells, 1 or more.</param>
public readonly record struct Extent(long Height, long Width)
{
    public long Cells => Height * Width;
}
