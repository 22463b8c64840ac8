using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Learning.Fused;
using InMARS.Stages.Reports;
using InMARS.Stages.Superpixels;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>A trained model at work. Owns the network; stays on the thread that opened it.</summary>
public sealed class Segmentation : IResumable, IDisposable
{
    private readonly SegmentOptions _options;
    private readonly IStageContext _context;
    private readonly Segmenter _network;
    private readonly FusedNetwork? _fused;
    private readonly string _path;
    private readonly ClusterLegend? _legend;
    private readonly long[] _used;

    /// <exception cref="RunException">The model is missing, damaged, or of another K than was asked for.</exception>
    public Segmentation(SegmentOptions options, IStageContext context)
    {
        var device = TorchRuntime.Open(context);
        _path = Selection.Weights(Checkpoint.Resolve(options.Model ?? context.Run.ModelsFrom ?? context.Run.Directory), options.Checkpoint);
        _network = Checkpoint.Load(_path, device);
        (_options, _context, _used) = (options, context, new long[_network.Clusters]);
        _legend = options.Legend is { } file ? ClusterLegend.Load(file).Of(_network.Clusters, file) : ClusterLegend.Beside(_path, _network.Clusters);
        if (options.Clusters is { } wanted && wanted != _network.Clusters)
        {
            var found = _network.Clusters;
            _network.Dispose();
            throw new RunException($"model of another K: '{_path}' has {found} clusters, but {context.Stage} asks for {wanted}");
        }

        _fused = options.Fuse && _network.Device.type == DeviceType.CPU ? new FusedNetwork(_network, TorchRuntime.ThreadCount(context.Run.Threads)) : null;
    }

    /// <summary>Segments images of any sizes; those of one size run together.</summary>
    /// <returns>One prediction an image, in their order; or <c>segment.bands</c>, <c>segment.too_small</c> or <c>segment.too_large</c>.</returns>
    public Result<IReadOnlyList<Prediction>> Segment(IReadOnlyList<SuperpixelMap> items)
    {
        if (items.Select(i => Misfit(i.Image)).FirstOrDefault(f => f is not null) is { } fault)
        {
            return fault;
        }

        var clusters = new ushort[items.Count][];
        foreach (var group in Enumerable.Range(0, items.Count).GroupBy(i => (items[i].Image.Height, items[i].Image.Width)))
        {
            Fill(items, [.. group], clusters);
        }

        return Result.Ok<IReadOnlyList<Prediction>>([.. items.Zip(clusters, Predict)]);
    }

    /// <summary>Leaves the legend in a run that has none yet, and warns where one cluster has taken nearly everything.</summary>
    public void Finish()
    {
        var legend = _context.PathInRun(ClusterLegend.FileName);
        if (!File.Exists(legend))
        {
            (_legend ?? ClusterLegend.Default(_network.Clusters)).Save(legend);
        }

        var total = _used.Sum();
        var shares = _used.Select(n => n / (double)Math.Max(total, 1)).ToList();
        var notes = Collapse.Warn(_context, shares);
        if (notes.Count > 0)
        {
            _context.Report(new StageReport("segment", [new("largest_cluster_share", shares.Max())], [$"Model: {_path}", .. notes]));
        }
    }

    public void Carry(StateArchive state) => state.Value("used", _used).CopyTo(_used, 0);

    public void Dispose() => _network.Dispose();

    private Fault? Misfit(RgbImage image)
    {
        var (network, key) = (_network.Options, image.Origin.Key);
        return image switch
        {
            _ when image.Bands != network.Bands =>
                new Fault("segment.bands", $"the model takes images of {network.Bands} bands, but {key} has {image.Bands}"),
            _ when Math.Min(image.Height, image.Width) < network.LeastSide =>
                new Fault("segment.too_small", $"the model takes images of {network.LeastSide} x {network.LeastSide} pixels or more, but {key} is {image.Width} x {image.Height}"),
            _ when !network.KeepsPlace && Math.Max(image.Height, image.Width) > _options.Tile => new Fault(
                "segment.too_large",
                $"the net10a network stretches its scores to the size of the image, so that tiles would not agree; {key} is {image.Width} x {image.Height}, expected at most {_options.Tile} (tile): crop images to the size that was trained on"),
            _ => null,
        };
    }

    private void Fill(IReadOnlyList<SuperpixelMap> items, int[] places, ushort[][] clusters)
    {
        var image = items[places[0]].Image;
        if (Math.Max(image.Height, image.Width) > _options.Tile)
        {
            foreach (var place in places)
            {
                clusters[place] = Tiled(items[place]);
            }

            return;
        }

        // No more pixels in one pass than one tile has.
        var most = Math.Max(1, (int)((long)_options.Tile * _options.Tile / ((long)image.Height * image.Width)));
        foreach (var chunk in places.Chunk(most))
        {
            var painted = Halving.Of([.. chunk.Select(place => items[place])], Whole, RanOut);
            for (var n = 0; n < chunk.Length; n++)
            {
                clusters[chunk[n]] = painted[n];
            }
        }
    }

    private void RanOut(SuperpixelMap[] items, ExternalException cause)
    {
        if (items.Length == 1)
        {
            var (image, tile) = (items[0].Image, _options.Tile);
            throw new RunException(
                $"{_context.Stage} is out of memory with a single image of {image.Width}x{image.Height} pixels; set its tile, now {tile}, to less", cause);
        }

        _context.Log("warning", $"{_context.Stage}: out of memory with {items.Length} images at once; goes on with halves");
    }

    private ushort[][] Whole(IReadOnlyList<SuperpixelMap> items)
    {
        var image = items[0].Image;
        if (_fused is { } fused && IsPaintedByCells && fused.Takes(image.Height, image.Width))
        {
            return [.. items.Select(map => Paint(map, fused.Score(map.Image)))];
        }

        using var scope = NewDisposeScope();
        using var batch = Collation.Collate(items).Match(b => b, fault => throw new InvalidOperationException(fault.Message));
        var logits = Score(batch.Pixels.to(_network.Device));
        if (_options.Paint == Learning.Paint.Pixel)
        {
            return [.. logits.argmax(1).unbind(0).Select(ToClusters)];
        }

        var superpixels = batch.Superpixels.to(_network.Device);
        var chosen = SuperpixelPooling.Over(superpixels, batch.SuperpixelCount).Mean(Pooled(logits, 1)).argmax(0);
        return [.. chosen.index_select(0, superpixels.flatten()).view(superpixels.shape).unbind(0).Select(ToClusters)];
    }

    /// <summary>Whether scores of single pixels are needed for nothing but their sums and their greatest.</summary>
    private bool IsPaintedByCells => !_options.Mirror && (_options.Paint == Learning.Paint.Pixel || _options.Pooling == PooledQuantity.Logits);

    private ushort[] Paint(SuperpixelMap map, CellPainter painter) =>
        _options.Paint == Learning.Paint.Pixel ? painter.Pixels() : painter.Superpixels(map);

    private ushort[] Tiled(SuperpixelMap map)
    {
        using var scope = NewDisposeScope();
        var tiles = new TiledScores(_network, (x, frame) => Score(x, frame), map.Image, _options.Tile, _options.Overlap);
        return _options.Paint == Learning.Paint.Pixel ? TiledPixels(map, tiles) : TiledSuperpixels(map, tiles);
    }

    private static ushort[] TiledPixels(SuperpixelMap map, TiledScores tiles)
    {
        var clusters = new ushort[map.Labels.Length];
        tiles.Read((y, logits) => ToClusters(logits.argmax(0)).CopyTo(clusters, y * map.Image.Width));
        return clusters;
    }

    private ushort[] TiledSuperpixels(SuperpixelMap map, TiledScores tiles)
    {
        // The largest sum of scores is the largest mean too: every cluster has the same number of pixels.
        var sums = zeros(_network.Clusters, map.Count, device: _network.Device);
        tiles.Read((y, logits) =>
        {
            var rows = map.Labels.AsSpan(y * map.Image.Width, (int)logits.shape[1] * map.Image.Width).ToArray();
            var labels = tensor(rows, dtype: ScalarType.Int64, device: _network.Device);
            sums.scatter_add_(1, labels.unsqueeze(0).expand(_network.Clusters, -1), Pooled(logits, 0).reshape(_network.Clusters, -1));
        });
        var chosen = ToClusters(sums.argmax(0));
        return Array.ConvertAll(map.Labels, label => chosen[label]);
    }

    private Tensor Score(Tensor images, Frame? frame = null) =>
        _options.Mirror ? Segmenter.BothWays(x => ScoreOnce(x, frame), images) : ScoreOnce(images, frame);

    private Tensor ScoreOnce(Tensor images, Frame? frame) =>
        _fused is { } fused && fused.Takes((int)images.shape[2], (int)images.shape[3]) ? fused.Apply(images, frame) : _network.ApplyPart(images, frame);

    private Tensor Pooled(Tensor logits, long axis) => _options.Pooling == PooledQuantity.Logits ? logits : nn.functional.softmax(logits, axis);

    private static ushort[] ToClusters(Tensor numbers) =>
        Array.ConvertAll(numbers.flatten().to(ScalarType.Int32).cpu().data<int>().ToArray(), n => (ushort)n);

    private Prediction Predict(SuperpixelMap map, ushort[] clusters)
    {
        foreach (var cluster in clusters)
        {
            _used[cluster]++;
        }

        var image = map.Image;
        return new Prediction(image.Origin, image.Height, image.Width, _network.Clusters, clusters, image, image.Truth) { Legend = _legend };
    }
}
