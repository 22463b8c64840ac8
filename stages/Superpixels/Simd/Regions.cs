using System.Numerics;

namespace InMARS.Stages.Superpixels.Simd;

/// <summary>A run of equal labels in a row, and what is known of the component that it calls, if it calls one.</summary>
internal struct Run
{
    /// <summary>First pixel.</summary>
    public int Start;

    /// <summary>Another run of the component, nearer to the one that calls it; itself where it does.</summary>
    public int Parent;

    /// <summary>The next run of the component, round and round.</summary>
    public int Next;

    /// <summary>First of the runs above that touch it; -1 in the first row.</summary>
    public int Above;

    /// <summary>First of the runs below that touch it; meaningless in the last row.</summary>
    public int Below;

    /// <summary>The next component in the same queue.</summary>
    public int Behind;

    /// <summary>Pixels of the component; when all is joined, its number.</summary>
    public int Size;

    /// <summary>Cluster of the component.</summary>
    public int Label;
}

/// <summary>The 4-connected components of a label map, found row by row as runs of equal labels and joined by union-find.</summary>
/// <remarks>
/// Union-find over runs: He, Chao, Suzuki, "A run-based two-scan labeling algorithm", TIP 17(5), 2008. A component is called
/// by one of its runs. The runs of a component form a ring, so that two components are joined in no time.
/// </remarks>
/// <param name="runs">All runs in raster order, and one behind the last that begins where the image ends; from <see cref="Mark"/>.</param>
internal readonly ref struct Regions(int width, Span<Run> runs)
{
    private readonly Span<Run> _runs = runs;

    public int Count => _runs.Length - 1;

    public ref Run this[int run] => ref _runs[run];

    /// <summary>How many runs a label map has: few beside its pixels, so that they fit into a small part of the memory.</summary>
    public static int CountIn(ReadOnlySpan<int> labels, int width)
    {
        var count = 0;
        for (var row = 0; row < labels.Length; row += width)
        {
            count += 1 + Changes(labels.Slice(row, width));
        }

        return count;
    }

    private static int Changes(ReadOnlySpan<int> line)
    {
        var same = Vector<int>.Zero;
        var x = 1;
        for (; x <= line.Length - Vector<int>.Count; x += Vector<int>.Count)
        {
            same -= Vector.Equals(new Vector<int>(line[x..]), new Vector<int>(line[(x - 1)..]));
        }

        var changes = x - 1 - Vector.Sum(same);
        for (; x < line.Length; x++)
        {
            changes += line[x] != line[x - 1] ? 1 : 0;
        }

        return changes;
    }

    /// <summary>Writes the runs of a label map.</summary>
    /// <param name="runs">Room for as many as there are, and one.</param>
    public static void Mark(ReadOnlySpan<int> labels, int width, Span<Run> runs)
    {
        var count = 0;
        for (var row = 0; row < labels.Length; row += width)
        {
            var line = labels.Slice(row, width);
            for (var x = 0; x < line.Length;)
            {
                var label = line[x];
                runs[count] = new Run { Start = row + x, Parent = count, Above = -1, Label = label };
                count++;
                while (++x < line.Length && line[x] == label)
                {
                }
            }
        }

        runs[count].Start = labels.Length;
    }

    /// <summary>Joins the runs of equal labels that touch.</summary>
    public void Connect()
    {
        var below = 0;
        while (_runs[below].Start < width)
        {
            below++;
        }

        for (var above = 0; below < Count;)
        {
            ref var upper = ref _runs[above];
            ref var lower = ref _runs[below];
            if (upper.Label == lower.Label)
            {
                Join(Root(above), Root(below));
            }

            lower.Above = lower.Start >= upper.Start + width ? above : lower.Above;
            upper.Below = upper.Start + width >= lower.Start ? below : upper.Below;
            var ahead = _runs[above + 1].Start + width - _runs[below + 1].Start;
            above += ahead <= 0 ? 1 : 0;
            below += ahead >= 0 ? 1 : 0;
        }

        Gather();
    }

    /// <summary>The component that a run belongs to.</summary>
    public int Root(int run)
    {
        for (var parent = _runs[run].Parent; parent != run; parent = _runs[run].Parent)
        {
            run = _runs[run].Parent = _runs[parent].Parent;
        }

        return run;
    }

    /// <summary>Makes one component part of another.</summary>
    public void Merge(int part, int whole)
    {
        ref var p = ref _runs[part];
        ref var w = ref _runs[whole];
        p.Parent = whole;
        w.Size += p.Size;
        (p.Next, w.Next) = (w.Next, p.Next);
    }

    /// <summary>The runs of the row above that touch one: from the first up to, but not including, the second.</summary>
    public (int First, int End) Above(int run) => Covering(_runs[run].Above, _runs[run + 1].Start - width);

    /// <summary>The same of the row below.</summary>
    public (int First, int End) Below(int run) =>
        _runs[run + 1].Start + width <= _runs[Count].Start ? Covering(_runs[run].Below, _runs[run + 1].Start + width) : (0, 0);

    /// <summary>The neighbours in the same row and what lies between them.</summary>
    public (int First, int End) Beside(int run) =>
        (_runs[run].Start % width > 0 ? run - 1 : run, _runs[run + 1].Start % width > 0 ? run + 2 : run + 1);

    private (int First, int End) Covering(int first, int end)
    {
        if (first < 0)
        {
            return (0, 0);
        }

        var last = first + 1;
        while (_runs[last].Start < end)
        {
            last++;
        }

        return (first, last);
    }

    private void Join(int a, int b) => _runs[Math.Max(a, b)].Parent = Math.Min(a, b);

    /// <summary>Every run points to its component; sizes and rings are made.</summary>
    private void Gather()
    {
        for (var i = 0; i < Count; i++)
        {
            ref var run = ref _runs[i];
            var length = _runs[i + 1].Start - run.Start;
            run.Parent = _runs[run.Parent].Parent;
            if (run.Parent == i)
            {
                (run.Next, run.Size) = (i, length);
            }
            else
            {
                ref var root = ref _runs[run.Parent];
                (run.Next, root.Next) = (root.Next, i);
                root.Size += length;
            }
        }
    }
}
