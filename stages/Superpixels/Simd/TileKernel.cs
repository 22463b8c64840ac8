using System.Runtime.CompilerServices;

namespace InMARS.Stages.Superpixels.Simd;

/// <summary>Assigns the pixels of a tile to the nearest cluster and adds them up, for one kind of lanes.</summary>
/// <remarks>
/// All arithmetic is in whole numbers of 16 bits, so every kind of lanes gives the same. The squared colour distance of
/// three bands can exceed 65,535 only where a pixel differs from the centre by all that 8 bits can tell; it stays there.
/// Sums of a tile fit: 256 pixels of at most 255.
/// </remarks>
internal static class TileKernel<TLanes, T>
    where TLanes : struct, ILanes<T>
    where T : struct
{
    private const ushort All = ushort.MaxValue;

    private static ReadOnlySpan<ushort> Lane => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>All but the first and the last pixel of a row of a tile, which have a neighbour in another tile.</summary>
    private static ReadOnlySpan<ushort> Inner => [0, All, All, All, All, All, All, All, All, All, All, All, All, All, All, 0];

    /// <summary>Writes the nearest candidate of every pixel; of equally near ones the first.</summary>
    public static void Assign(in Tile tile, ReadOnlySpan<ushort> nearness, ReadOnlySpan<ushort> outside)
    {
        for (var row = tile.First; row < tile.End; row += 2 * tile.Step)
        {
            var other = row + tile.Step < tile.End ? row + tile.Step : row;
            for (var lane = 0; lane < Tiling.Width; lane += TLanes.Count)
            {
                if (tile.RowBytes == 3 * Tiling.Width)
                {
                    AssignThree(tile, nearness, TLanes.Load(outside, lane), (row, other, lane));
                }
                else
                {
                    AssignFour(tile, nearness, TLanes.Load(outside, lane), (row, other, lane));
                }
            }
        }
    }

    /// <summary>Two rows at once, so that what is loaded for a candidate serves twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AssignThree(in Tile tile, ReadOnlySpan<ushort> nearness, T outside, (int Row, int Other, int Lane) at)
    {
        var (first, second) = ((at.Row * tile.RowBytes) + at.Lane, (at.Other * tile.RowBytes) + at.Lane);
        var (l0, a0, b0) = (TLanes.Widen(tile.Values, first), TLanes.Widen(tile.Values, first + Tiling.Width), TLanes.Widen(tile.Values, first + (2 * Tiling.Width)));
        var (l1, a1, b1) = (TLanes.Widen(tile.Values, second), TLanes.Widen(tile.Values, second + Tiling.Width), TLanes.Widen(tile.Values, second + (2 * Tiling.Width)));
        var (best0, best1) = (TLanes.Splat(ushort.MaxValue), TLanes.Splat(ushort.MaxValue));
        var (near0, near1) = (TLanes.Splat(0), TLanes.Splat(0));
        for (var i = 0; i < tile.Candidates.Length; i++)
        {
            ref readonly var candidate = ref tile.Candidates[i];
            var (l, a, b) = (TLanes.Splat(candidate.L), TLanes.Splat(candidate.A), TLanes.Splat(candidate.B));
            var dx = TLanes.Load(nearness, candidate.OffsetX + at.Lane);
            var (dy0, dy1) = (TLanes.Splat(nearness[candidate.OffsetY + at.Row]), TLanes.Splat(nearness[candidate.OffsetY + at.Other]));
            var distance0 = TLanes.AddSaturated(Distance(l0, a0, b0, l, a, b), TLanes.AddSaturated(dx, dy0));
            var distance1 = TLanes.AddSaturated(Distance(l1, a1, b1, l, a, b), TLanes.AddSaturated(dx, dy1));
            (best0, near0) = Nearer(best0, near0, distance0, TLanes.Splat((ushort)i));
            (best1, near1) = Nearer(best1, near1, distance1, TLanes.Splat((ushort)i));
        }

        TLanes.Store(TLanes.Or(near0, outside), tile.Nearest, (at.Row * Tiling.Width) + at.Lane);
        TLanes.Store(TLanes.Or(near1, outside), tile.Nearest, (at.Other * Tiling.Width) + at.Lane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AssignFour(in Tile tile, ReadOnlySpan<ushort> nearness, T outside, (int Row, int Other, int Lane) at)
    {
        foreach (var row in (ReadOnlySpan<int>)[at.Row, at.Other])
        {
            var first = (row * tile.RowBytes) + at.Lane;
            var (l0, a0, b0) = (TLanes.Widen(tile.Values, first), TLanes.Widen(tile.Values, first + Tiling.Width), TLanes.Widen(tile.Values, first + (2 * Tiling.Width)));
            var i0 = TLanes.Widen(tile.Values, first + (3 * Tiling.Width));
            var (best, near) = (TLanes.Splat(ushort.MaxValue), TLanes.Splat(0));
            for (var i = 0; i < tile.Candidates.Length; i++)
            {
                ref readonly var candidate = ref tile.Candidates[i];
                var colour = Distance(l0, a0, b0, TLanes.Splat(candidate.L), TLanes.Splat(candidate.A), TLanes.Splat(candidate.B));
                var infrared = TLanes.SquaredDifference(i0, TLanes.Splat(candidate.Infrared));
                var place = TLanes.AddSaturated(TLanes.Load(nearness, candidate.OffsetX + at.Lane), TLanes.Splat(nearness[candidate.OffsetY + row]));
                (best, near) = Nearer(best, near, TLanes.AddSaturated(TLanes.AddSaturated(colour, infrared), place), TLanes.Splat((ushort)i));
            }

            TLanes.Store(TLanes.Or(near, outside), tile.Nearest, (row * Tiling.Width) + at.Lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Distance(T l0, T a0, T b0, T l, T a, T b) => TLanes.AddSaturated(
        TLanes.AddSaturated(TLanes.SquaredDifference(l0, l), TLanes.SquaredDifference(a0, a)), TLanes.SquaredDifference(b0, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Best, T Near) Nearer(T best, T near, T distance, T candidate)
    {
        var least = TLanes.Min(distance, best);
        return (least, TLanes.Select(TLanes.Equal(least, best), near, candidate));
    }

    /// <summary>Gives pixels between two of another cluster to that cluster, first down the columns, then along the rows.</summary>
    /// <param name="scratch">As long as <see cref="Tile.Nearest"/>.</param>
    public static void Smooth(in Tile tile, Span<ushort> scratch)
    {
        tile.Nearest.CopyTo(scratch);
        for (var at = Tiling.Width; at < (tile.End - 1) * Tiling.Width; at += TLanes.Count)
        {
            TLanes.Store(Between(tile.Nearest, at, Tiling.Width, TLanes.Splat(All)), scratch, at);
        }

        scratch.CopyTo(tile.Nearest);
        for (var at = Tiling.Width; at < (tile.End - 1) * Tiling.Width; at += TLanes.Count)
        {
            TLanes.Store(Between(scratch, at, 1, TLanes.Load(Inner, at % Tiling.Width)), tile.Nearest, at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Between(ReadOnlySpan<ushort> nearest, int at, int distance, T mask)
    {
        var before = TLanes.Load(nearest, at - distance);
        var same = TLanes.And(mask, TLanes.Equal(before, TLanes.Load(nearest, at + distance)));
        return TLanes.Select(same, before, TLanes.Load(nearest, at));
    }

    /// <summary>Adds up the pixels of the tile that were assigned to one candidate.</summary>
    public static Share Add(in Tile tile, int candidate)
    {
        var share = default(Share);
        for (var lane = 0; lane < Tiling.Width; lane += TLanes.Count)
        {
            if (Holds(tile, TLanes.Splat((ushort)candidate), lane))
            {
                share = Add(share, tile, TLanes.Splat((ushort)candidate), lane);
            }
        }

        return share;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Holds(in Tile tile, T candidate, int lane)
    {
        var any = TLanes.Splat(0);
        for (var row = tile.First; row < tile.End; row += tile.Step)
        {
            any = TLanes.Or(any, TLanes.Equal(TLanes.Load(tile.Nearest, (row * Tiling.Width) + lane), candidate));
        }

        return !TLanes.IsZero(any);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Share Add(Share share, in Tile tile, T candidate, int lane)
    {
        var (l, a, b, infrared) = (TLanes.Splat(0), TLanes.Splat(0), TLanes.Splat(0), TLanes.Splat(0));
        var (pixels, before, rows) = (TLanes.Splat(0), TLanes.Splat(0), 0);
        for (var row = tile.First; row < tile.End; row += tile.Step, rows++)
        {
            var at = (row * tile.RowBytes) + lane;
            var member = TLanes.Equal(TLanes.Load(tile.Nearest, (row * Tiling.Width) + lane), candidate);
            l = TLanes.Add(l, TLanes.And(member, TLanes.Widen(tile.Values, at)));
            a = TLanes.Add(a, TLanes.And(member, TLanes.Widen(tile.Values, at + Tiling.Width)));
            b = TLanes.Add(b, TLanes.And(member, TLanes.Widen(tile.Values, at + (2 * Tiling.Width))));
            infrared = tile.RowBytes > 3 * Tiling.Width ? TLanes.Add(infrared, TLanes.And(member, TLanes.Widen(tile.Values, at + (3 * Tiling.Width)))) : infrared;
            before = TLanes.Add(before, pixels);
            pixels = TLanes.Subtract(pixels, member);
        }

        var count = TLanes.Sum(pixels);
        var columns = TLanes.Sum(TLanes.Multiply(pixels, TLanes.Load(Lane, lane)));
        return new Share(
            share.Pixels + count, share.L + TLanes.Sum(l), share.A + TLanes.Sum(a), share.B + TLanes.Sum(b), share.Infrared + (tile.RowBytes > 3 * Tiling.Width ? TLanes.Sum(infrared) : 0),
            share.Columns + columns, share.RowIndices + (((rows - 1) * count) - TLanes.Sum(before)));
    }
}
