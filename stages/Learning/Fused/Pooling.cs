using System.Numerics;

namespace InMARS.Stages.Learning.Fused;

/// <summary>Keeps the greatest values of squares of cells.</summary>
internal static class Pooling
{
    /// <param name="lines">Rows of cells, one below the other.</param>
    /// <param name="size">Floats from row to row, the rows that are there, and the cells of each.</param>
    /// <param name="side">Cells along a square; squares beyond the last cell are of what is there.</param>
    /// <param name="target">Receives one row of cells.</param>
    public static void Shrink(ReadOnlySpan<float> lines, (int Step, int Rows, int Width) size, int side, Span<float> target, int channels)
    {
        if (side == 1)
        {
            lines[..target.Length].CopyTo(target);
            return;
        }

        for (var cell = 0; cell * channels < target.Length; cell++)
        {
            var best = target.Slice(cell * channels, channels);
            best.Fill(float.NegativeInfinity);
            for (var row = 0; row < size.Rows; row++)
            {
                for (var x = cell * side; x < Math.Min(size.Width, (cell + 1) * side); x++)
                {
                    Raise(best, lines.Slice((row * size.Step) + (x * channels), channels));
                }
            }
        }
    }

    /// <summary>Both are whole vectors long.</summary>
    private static void Raise(Span<float> best, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < best.Length; i += Vector<float>.Count)
        {
            Vector.MaxNative(new Vector<float>(best[i..]), new Vector<float>(values[i..])).CopyTo(best[i..]);
        }
    }
}
