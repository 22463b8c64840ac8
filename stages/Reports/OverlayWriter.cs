using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;

namespace InMARS.Stages.Reports;

/// <summary>
/// Draws the first predictions of a flow beside their images, at the end of the flow: only then is it known which cluster
/// stands for which class, and a cluster has the colour of its class in the truth beside it, unless a legend gives it another.
/// </summary>
/// <remarks>
/// It keeps at most <see cref="OverlayOptions.Limit"/> images and 16 million pixels. Fault: <c>overlay.no_image</c>.
/// </remarks>
public static class OverlayWriter
{
    private const long MostPixels = 1 << 24;

    public static Sink<Prediction> Sink(string name, FlowOptions flow, OverlayOptions options) =>
        new(name, flow, context => new Writer(context, name, options)) { Borrows = true, Foresee = outlook => Foresee(outlook, options) };

    private static Outlook Foresee(Outlook outlook, OverlayOptions options)
    {
        var pixels = outlook.Extents.Length == 0 ? 1 : outlook.Extents.Average(extent => extent.Cells);
        var drawn = Math.Min(options.Limit, (long)(MostPixels / pixels));
        var images = Math.Min(drawn, outlook.Items ?? drawn);
        return outlook
            .Writes("overlays", options.Folder, images, MeasuredRoom.OfOverlay)
            .Keeps(outlook.Extents.Length == 0 ? null : (long)(images * outlook.Extents.Average(MeasuredRoom.OfKeptPrediction)));
    }

    private sealed class Writer(IStageContext context, string kind, OverlayOptions options) : ISinkWriter<Prediction>, IResumable
    {
        private readonly List<Prediction> _kept = [];
        private readonly LegendColours _colours = LegendColours.Open(options.Legend);
        private long _pixels;

        public Task<Fault?> WriteAsync(Prediction value, ItemContext item, CancellationToken stop)
        {
            var fault = value.Image is null ? new Fault("overlay.no_image", "the prediction came without its image, so there is nothing to draw on") : null;
            var pixels = (long)value.Height * value.Width;
            if (fault is null && _kept.Count < options.Limit && _pixels + pixels <= MostPixels)
            {
                _kept.Add(value with { Image = value.Image!.Copy(), Truth = value.Truth is { } truth ? truth with { Ids = [.. truth.Ids] } : null, Clusters = [.. value.Clusters] });
                _pixels += pixels;
            }

            return Task.FromResult(fault);
        }

        public Task CompleteAsync(CancellationToken stop)
        {
            var folder = context.PathInRun(options.Folder);
            var colours = _kept is [var first, ..] && _colours.Edited(first) is { } legend ? legend.Rgb : Colours(_kept);
            for (var i = 0; i < _kept.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                var name = $"{i:D3}-{_kept[i].Origin.Key.Replace('/', '_').Replace('\\', '_')}.png";
                Writing.File(Path.Combine(folder, name), OverlayPainter.Paint(_kept[i], colours, options));
            }

            context.Report(new StageReport(kind, [], [$"{_kept.Count:N0} overlays in {folder}."]));
            return Task.CompletedTask;
        }

        public void Carry(StateArchive state)
        {
            _pixels = state.Value("pixels", _pixels);
            var count = state.Value("kept", _kept.Count);
            var kept = Enumerable.Range(0, count).Select(n => PredictionState.Carry(state.Within($"{n}"), state.Loading ? null : _kept[n])).ToList();
            _kept.Clear();
            _kept.AddRange(kept);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A colour for each cluster: that of its class where there is truth, one of its own otherwise.</summary>
    private static byte[] Colours(List<Prediction> predictions)
    {
        var counts = new ConfusionMatrix(predictions.Select(p => p.ClusterCount).DefaultIfEmpty(0).Max(), 0);
        foreach (var prediction in predictions.Where(p => CanMatch(p)))
        {
            counts.Add(prediction.Clusters, prediction.Truth!.Ids);
        }

        var classOf = Hungarian.Assign(counts.ToArray());
        var palette = Palette.Rgb(counts.Classes + counts.Clusters);
        var surplus = counts.Classes;
        return [.. classOf.Select(label => label ?? surplus++).SelectMany(place => palette[(3 * place)..(3 * place + 3)])];
    }

    private static bool CanMatch(Prediction prediction) =>
        prediction.Truth is { } truth
        && truth.Ids.Length == prediction.Clusters.Length
        && prediction.ClusterCount <= Palette.Distinct
        && truth.Ids.All(id => id is LabelMap.Ignore or < Palette.Distinct);
}
