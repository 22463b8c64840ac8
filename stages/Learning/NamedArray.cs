namespace InMARS.Stages.Learning;

/// <summary>A tensor as it lies in a file.</summary>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
/// <param name="Values">Row major.</param>
public sealed record NamedArray(string Name, IReadOnlyList<long> Shape, float[] Values)
{
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
