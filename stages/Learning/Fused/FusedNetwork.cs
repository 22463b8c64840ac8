using System.Buffers;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning.Fused;

/// <summary>
/// A trained network that only answers: convolutions with their normalisation folded in, on the CPU, without torch. Owns its
/// buffers, which serve for one image after another; one caller at a time.
/// </summary>
/// <remarks>Each output is the same sum in the same order, however many threads there are.</remarks>
internal sealed class FusedNetwork
{
    private const int RowsAtOnce = 4;
    private readonly Segmenter _network;
    private readonly FusedInput _input;
    private readonly IReadOnlyList<FusedLayer> _layers;
    private readonly CellMap[] _maps = [new(), new()];
    private readonly ParallelOptions _parallel;
    private float[] _planes = [];

    /// <param name="network">Borrowed; its weights are read now, its shape later too.</param>
    /// <param name="threads">At least 1.</param>
    public FusedNetwork(Segmenter network, int threads)
    {
        (_network, _input, _layers) = (network, new FusedInput(network.Options, network.SeesHeight), network.Fused());
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
    }

    /// <summary>Whether the maps of such an image fit into arrays.</summary>
    public bool Takes(int height, int width)
    {
        var (h, w) = _input.Completed(height, width);
        return _layers.All(layer =>
        {
            var fits = Length(layer.Shape, h, w) <= Array.MaxLength;
            (h, w) = Sides(layer.Shape, h, w);
            return fits;
        });
    }

    /// <summary>Scores the cells of one image.</summary>
    /// <param name="planes"><c>[bands, height, width]</c>, 0 to 1; borrowed.</param>
    /// <param name="frame">Where the rows lie; null for a whole image.</param>
    /// <returns>One score a cell and cluster; valid until the next call.</returns>
    public CellScores Run(ReadOnlyMemory<float> planes, int height, int width, Frame? frame = null)
    {
        var first = _layers[0].Shape;
        var sides = _input.Completed(height, width);
        var map = _maps[0];
        map.Shape(sides.Height, sides.Width, first.Inputs, first.Padding, Slack(first));
        _input.Fill(new InputImage(planes, height, width, frame ?? new Frame(0, height)), map, first.Border, Rows);
        map.Close(first.Border);
        for (var i = 0; i < _layers.Count; i++)
        {
            var next = i + 1 < _layers.Count ? _layers[i + 1].Shape : null;
            map = Apply(_layers[i], map, _maps[(i + 1) % 2], next);
        }

        return new CellScores(map, _layers[^1].Shape.Outputs, _network.Options.KeepsPlace ? _network.Options.Stride : 0).Joined(_network.Merged, _network.Clusters);
    }

    /// <summary>Scores an image.</summary>
    /// <returns>Its painter, to be used before the next call.</returns>
    public CellPainter Score(RgbImage image)
    {
        if (_planes.Length < image.Pixels.Length)
        {
            _planes = GC.AllocateUninitializedArray<float>(image.Pixels.Length);
        }

        Planes.Split(image.Pixels, image.Bands, _planes, image.Height * image.Width);
        return new CellPainter(Run(_planes, image.Height, image.Width), image.Height, image.Width, _parallel);
    }

    /// <summary>Scores of images, as <see cref="Segmenter.Apply"/> gives them.</summary>
    /// <param name="images"><c>[N, C, H, W]</c> on the CPU, 0 to 1; borrowed.</param>
    /// <param name="frame">Where their rows lie; null for whole images.</param>
    /// <returns>Logits <c>[N, K, H, W]</c>; the caller owns them.</returns>
    public Tensor Apply(Tensor images, Frame? frame = null)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var pixels = images.contiguous().data<float>().ToArray().AsMemory();
        var (count, height, width) = ((int)images.shape[0], (int)images.shape[2], (int)images.shape[3]);
        var length = pixels.Length / count;
        var cells = Enumerable.Range(0, count).Select(n => Run(pixels.Slice(n * length, length), height, width, frame).ToTensor());
        return _network.Enlarge(stack([.. cells]), images).MoveToOuterDisposeScope();
    }

    private static int Slack(FusedShape shape) => (ConvolutionTile.Cells * shape.Stride) + (shape.Dilation * shape.Kernel);

    private static long Length(FusedShape shape, int height, int width) => CellMap.Length(height, width, shape.Inputs, shape.Padding, Slack(shape));

    private (int Height, int Width) Sides(FusedShape shape, int height, int width) =>
        (Pooled(shape.Convolved(height), shape.Pool), Pooled(shape.Convolved(width), shape.Pool));

    /// <summary>Cells left of a side; those that fill no square count where scores keep their place.</summary>
    private int Pooled(int side, int pool) => (side + (_network.Options.KeepsPlace ? pool - 1 : 0)) / pool;

    private CellMap Apply(FusedLayer layer, CellMap from, CellMap to, FusedShape? next)
    {
        var (height, width) = Sides(layer.Shape, from.Height, from.Width);
        to.Shape(height, width, layer.Shape.Filled, next?.Padding ?? 0, next is null ? 0 : Slack(next));
        Rows(height, (first, end) => ApplyRows(layer, from, to, next?.Border ?? BorderPadding.Zeros, (first, end)));
        to.Close(next?.Border ?? BorderPadding.Zeros);
        return to;
    }

    private static void ApplyRows(FusedLayer layer, CellMap from, CellMap to, BorderPadding border, (int First, int End) rows)
    {
        var (pool, height, width) = (layer.Shape.Pool, layer.Shape.Convolved(from.Height), layer.Shape.Convolved(from.Width));
        var step = (width + ConvolutionTile.Cells - 1) / ConvolutionTile.Cells * ConvolutionTile.Cells * layer.Shape.Filled;
        var lines = ArrayPool<float>.Shared.Rent(step * pool);
        for (var y = rows.First; y < rows.End; y++)
        {
            var here = Math.Min(pool, height - (y * pool));
            for (var line = 0; line < here; line++)
            {
                ApplyRow(layer, from, (y * pool) + line, lines.AsSpan(line * step, step));
            }

            Pooling.Shrink(lines, (step, here, width), pool, to.Row(y), to.Channels);
            to.Close(y, border);
        }

        ArrayPool<float>.Shared.Return(lines);
    }

    /// <summary>One row of outputs; the last tile reaches beyond the map and into what <paramref name="line"/> has more.</summary>
    private static void ApplyRow(FusedLayer layer, CellMap from, int y, Span<float> line)
    {
        var shape = layer.Shape;
        var steps = new ConvolutionTile.Steps((nint)shape.Dilation * from.RowStep, (nint)shape.Dilation * shape.Inputs, (nint)shape.Stride * shape.Inputs);
        var block = shape.Kernel * shape.Kernel * shape.Inputs * ConvolutionTile.Lanes;
        var start = from.At((y * shape.Stride) - shape.Padding, -shape.Padding);
        for (var output = 0; output < shape.Filled; output += ConvolutionTile.Lanes)
        {
            ref var weights = ref layer.Weights[output / ConvolutionTile.Lanes * block];
            for (var x = 0; x * shape.Filled < line.Length; x += ConvolutionTile.Cells)
            {
                ConvolutionTile.Compute(
                    ref from.Values[start + (x * shape.Stride * shape.Inputs)],
                    steps,
                    (shape.Kernel, shape.Inputs),
                    ref weights,
                    (layer.Bias, output, layer.Floor),
                    ref line[(x * shape.Filled) + output],
                    shape.Filled);
            }
        }
    }

    private void Rows(int count, Action<int, int> work)
    {
        if (_parallel.MaxDegreeOfParallelism == 1)
        {
            work(0, count);
            return;
        }

        Parallel.For(0, (count + RowsAtOnce - 1) / RowsAtOnce, _parallel, i => work(i * RowsAtOnce, Math.Min(count, (i + 1) * RowsAtOnce)));
    }
}
