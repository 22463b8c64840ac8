using System.Buffers;
using System.Numerics;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Learning.Fused;

/// <summary>Paints an image by the scores of its cells, enlarged bilinearly row by row: scores of all its pixels are never in memory.</summary>
/// <remarks>Sums are made in bands of rows that do not depend on the number of threads, so that the answers do not either.</remarks>
internal sealed class CellPainter
{
    private const int Bands = 8;
    private readonly CellScores _cells;
    private readonly ParallelOptions _parallel;
    private readonly (int Height, int Width) _size;
    private readonly Between _down;
    private readonly Between _across;

    /// <summary>Floats of a cell that count, filled up to whole vectors.</summary>
    private readonly int _depth;

    public CellPainter(CellScores cells, int height, int width, ParallelOptions parallel)
    {
        (_cells, _size, _parallel) = (cells, (height, width), parallel);
        (_down, _across) = (Between.Of(height, cells.Map.Height, cells.Cell), Between.Of(width, cells.Map.Width, cells.Cell));
        _depth = (cells.Clusters + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
    }

    /// <summary>The cluster of the greatest score at each pixel.</summary>
    public ushort[] Pixels()
    {
        var clusters = new ushort[_size.Height * _size.Width];
        InBands((_, rows) =>
        {
            var scores = new float[_depth];
            Read(rows, (at, left, right, share) =>
            {
                scores.AsSpan().Clear();
                Add(scores, left, right, share);
                clusters[at] = Best(scores);
            });
        });
        return clusters;
    }

    /// <summary>The cluster of the greatest mean score of each superpixel, at its pixels.</summary>
    public ushort[] Superpixels(SuperpixelMap map)
    {
        var sums = new float[Bands][];
        InBands((band, rows) =>
        {
            var scores = sums[band] = new float[map.Count * _depth];
            Read(rows, (at, left, right, share) => Add(scores.AsSpan(map.Labels[at] * _depth, _depth), left, right, share));
        });
        var chosen = new ushort[map.Count];
        for (var s = 0; s < chosen.Length; s++)
        {
            var total = sums[0].AsSpan(s * _depth, _depth);
            for (var band = 1; band < Bands; band++)
            {
                Add(total, sums[band].AsSpan(s * _depth, _depth));
            }

            chosen[s] = Best(total);
        }

        return Array.ConvertAll(map.Labels, label => chosen[label]);
    }

    private delegate void Visit(int at, ReadOnlySpan<float> left, ReadOnlySpan<float> right, float share);

    private void InBands(Action<int, (int First, int End)> work)
    {
        int Edge(int band) => (int)((long)_size.Height * band / Bands);
        Parallel.For(0, Bands, _parallel, band => work(band, (Edge(band), Edge(band + 1))));
    }

    private void Read((int First, int End) rows, Visit visit)
    {
        var map = _cells.Map;
        var line = ArrayPool<float>.Shared.Rent(map.Width * _depth);
        for (var y = rows.First; y < rows.End; y++)
        {
            for (var x = 0; x < map.Width; x++)
            {
                var cell = line.AsSpan(x * _depth, _depth);
                cell.Clear();
                Add(cell, map.Values.AsSpan(map.At(_down.First[y], x), _depth), map.Values.AsSpan(map.At(_down.Second[y], x), _depth), _down.Share[y]);
            }

            for (var x = 0; x < _size.Width; x++)
            {
                visit((y * _size.Width) + x, line.AsSpan(_across.First[x] * _depth, _depth), line.AsSpan(_across.Second[x] * _depth, _depth), _across.Share[x]);
            }
        }

        ArrayPool<float>.Shared.Return(line);
    }

    /// <summary>Adds what lies between two cells.</summary>
    private static void Add(Span<float> sum, ReadOnlySpan<float> first, ReadOnlySpan<float> second, float share)
    {
        for (var i = 0; i < sum.Length; i += Vector<float>.Count)
        {
            var (a, b) = (new Vector<float>(first[i..]), new Vector<float>(second[i..]));
            (new Vector<float>(sum[i..]) + a + ((b - a) * share)).CopyTo(sum[i..]);
        }
    }

    private static void Add(Span<float> sum, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < sum.Length; i += Vector<float>.Count)
        {
            (new Vector<float>(sum[i..]) + new Vector<float>(values[i..])).CopyTo(sum[i..]);
        }
    }

    private ushort Best(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var k = 1; k < _cells.Clusters; k++)
        {
            best = scores[k] > scores[best] ? k : best;
        }

        return (ushort)best;
    }

    /// <summary>The two cells that each pixel along an axis lies between, and how near it is to the second.</summary>
    private sealed record Between(int[] First, int[] Second, float[] Share)
    {
        /// <param name="cell">Pixels a cell; 0 stretches the cells over the axis.</param>
        public static Between Of(int length, int cells, int cell)
        {
            var scale = cell == 0 ? (float)cells / length : 1f / cell;
            var at = Enumerable.Range(0, length).Select(i => Math.Max(0, ((i + 0.5f) * scale) - 0.5f)).ToArray();
            var first = Array.ConvertAll(at, a => Math.Min((int)a, cells - 1));
            return new Between(first, Array.ConvertAll(first, f => Math.Min(f + 1, cells - 1)), [.. at.Zip(first, (a, f) => Math.Clamp(a - f, 0, 1))]);
        }
    }
}
