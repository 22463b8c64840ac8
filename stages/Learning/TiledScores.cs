using System.Runtime.InteropServices;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// Scores of an image too large for one piece, from overlapping tiles, row by row: never more than one row of tiles
/// is in memory.
/// </summary>
internal sealed class TiledScores
{
    private readonly Segmenter _network;
    private readonly Func<Tensor, Frame, Tensor> _score;
    private readonly RgbImage _image;
    private readonly IReadOnlyList<Tile> _down;
    private readonly IReadOnlyList<Tile> _across;

    /// <param name="score">Logits <c>[N, K, H, W]</c> of parts of images and where they lie, by the network.</param>
    public TiledScores(Segmenter network, Func<Tensor, Frame, Tensor> score, RgbImage image, int tile, int overlap)
    {
        var step = network.Options.Stride;
        (_network, _score, _image) = (network, score, image);
        _down = TileAxis.Cut(image.Height, tile / step * step, overlap, network.Options.Reach, step);
        _across = TileAxis.Cut(image.Width, tile / step * step, overlap, network.Options.Reach, step);
    }

    /// <summary>Hands out the scores from top to bottom.</summary>
    /// <param name="take">Gets the first row and logits <c>[K, rows, Width]</c>, which it borrows.</param>
    public void Read(Action<int, Tensor> take)
    {
        var open = zeros(_network.Clusters, 0, _image.Width, device: _network.Device);
        for (var i = 0; i < _down.Count; i++)
        {
            using var scope = NewDisposeScope();
            var row = _down[i];
            var sum = zeros(_network.Clusters, row.Length, _image.Width, device: _network.Device);
            sum.narrow(1, 0, open.shape[1]).add_(open);
            AddRow(row, sum);
            var done = i + 1 < _down.Count ? _down[i + 1].Start - row.Start : row.Length;
            take(row.Start, sum.narrow(1, 0, done));
            open.Dispose();
            open = sum.narrow(1, done, row.Length - done).clone().MoveToOuterDisposeScope();
        }

        open.Dispose();
    }

    private void AddRow(Tile row, Tensor sum)
    {
        foreach (var column in _across)
        {
            using var scope = NewDisposeScope();
            var weights = tensor(row.Weights).view(-1, 1) * tensor(column.Weights).view(1, -1);
            var scores = _score(Pixels(row, column).to(_network.Device), new Frame(row.Start, _image.Height)).squeeze(0);
            sum.narrow(2, column.Start, column.Length).add_(scores * weights.to(_network.Device));
        }
    }

    /// <summary>One tile, <c>[1, C, h, w]</c>.</summary>
    private Tensor Pixels(Tile row, Tile column)
    {
        var bands = _image.Bands;
        var pixels = empty([1, bands, row.Length, column.Length], ScalarType.Float32);
        var planes = MemoryMarshal.Cast<byte, float>(pixels.bytes);
        for (var y = 0; y < row.Length; y++)
        {
            var from = (((row.Start + y) * _image.Width) + column.Start) * bands;
            Planes.Split(_image.Pixels.AsSpan(from, column.Length * bands), bands, planes[(y * column.Length)..], row.Length * column.Length);
        }

        return pixels;
    }
}
