using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Reports;
using InMARS.Stages.Superpixels;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// Draws the same few images after every epoch: what perturbs them, and what becomes of their clusters. The images are the
/// first that were learned from; they stay in memory as they came. Draws nothing from the learner's generator.
/// </summary>
/// <param name="images">How many; 0 for none.</param>
internal sealed class Gallery(int images, Segmenter network, Func<IObjective> objective, IStageContext context)
{
    /// <summary>Root mean square of the noise as it is drawn, where pixels are 0 to 1.</summary>
    private const double ShownNoise = 0.2;

    private const ulong Seed = 4;
    private readonly byte[] _colours = ClusterLegend.Default(network.Clusters).Rgb;
    private IReadOnlyList<SuperpixelMap> _maps = [];
    private string? _columns;
    private int _epoch;

    /// <summary>Sees a batch before it is learned from; where it is the first of an epoch, the one before is drawn.</summary>
    /// <param name="batch">Borrowed; the images to draw are copied.</param>
    public void See(ImageBatch batch, int epoch)
    {
        if (images > 0 && _maps.Count == 0)
        {
            (_maps, _epoch) = ([.. batch.Items.Take(images).Select(map => map with { Image = map.Image.Copy(), Labels = [.. map.Labels] })], epoch);
        }

        if (epoch != _epoch)
        {
            Draw();
            _epoch = epoch;
        }
    }

    /// <summary>Draws the last epoch.</summary>
    /// <returns>A sentence that says what the columns are; null where nothing was drawn.</returns>
    public string? Finish()
    {
        Draw();
        return _columns is null ? null : $"Gallery: {context.PathInRun("gallery")}, a file for each epoch; from the left: {_columns}.";
    }

    public void Carry(StateArchive state)
    {
        (_epoch, _columns) = (state.Value("epoch", _epoch), state.Value("columns", _columns));
        var count = state.Value("images", _maps.Count);
        _maps = [.. Enumerable.Range(0, count).Select(n => MapState.Carry(state.Within($"image-{n}"), state.Loading ? null : _maps[n]))];
    }

    private void Draw()
    {
        if (_maps.Count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var random = new Generator(Seed, network.Device);
        using var batch = Collation.Collate(_maps).Match(b => b, fault => throw new InvalidOperationException(fault.Message));
        var seen = objective().Perturb(batch, random) ?? PerturbedImages.Plain(network, batch);
        var factor = Factor(seen.Noise);
        _columns = string.Join(", ", Columns(seen, factor));
        Writing.File(context.PathInRun("gallery", $"epoch-{_epoch + 1:D3}.png"), GalleryPainter.Paint(Rows(seen, factor), _colours));
    }

    private static IEnumerable<string> Columns(PerturbedImages seen, double factor) =>
    [
        "image",
        .. seen.Noise is null ? Array.Empty<string>() : [$"noise times {factor:0}"],
        .. seen.Moved is null ? Array.Empty<string>() : ["moved image"],
        "clusters",
        .. seen.After.Select(after => $"clusters under {after.Under}"),
    ];

    private List<GalleryRow> Rows(PerturbedImages seen, double factor)
    {
        var pictures = new[] { seen.Noise is null ? null : (seen.Noise * factor) + 0.5, seen.Moved }.OfType<Tensor>().Select(Bytes).ToList();
        var clusters = seen.After.Select(after => after.Scores).Prepend(seen.Clean).Select(Chosen).ToList();
        var (rows, first) = (new List<GalleryRow>(), 0);
        foreach (var (n, map) in _maps.Index())
        {
            var offset = first;
            rows.Add(new GalleryRow(
                map.Image,
                [.. pictures.Select(bytes => bytes.AsSpan(n * map.Labels.Length * 3, map.Labels.Length * 3).ToArray())],
                [.. clusters.Select(chosen => Array.ConvertAll(map.Labels, label => chosen[offset + label]))]));
            first += map.Count;
        }

        return rows;
    }

    /// <summary>A whole number that makes the noise plain to see.</summary>
    private static double Factor(Tensor? noise) =>
        noise is null ? 1 : Math.Max(1, Math.Floor(ShownNoise / Math.Max(noise.square().mean().sqrt().to(ScalarType.Float64).cpu().item<double>(), 1e-6)));

    private static int[] Chosen(SuperpixelScores scores) => scores.Logits.argmax(0).to(ScalarType.Int32).cpu().data<int>().ToArray();

    /// <summary>Red, green, blue, <c>[N, H, W, 3]</c>.</summary>
    private static byte[] Bytes(Tensor pictures) =>
        (pictures.narrow(1, 0, 3).detach().clamp(0, 1) * 255).round().permute(0, 2, 3, 1).contiguous().to(ScalarType.Byte).cpu().data<byte>().ToArray();
}
