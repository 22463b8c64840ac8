using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;

namespace InMARS.Stages.Reports;

/// <summary>Where label maps go.</summary>
public enum LabelPlace
{
    /// <summary>Tar shards that mirror the input shards.</summary>
    Shards,

    /// <summary>One file each.</summary>
    Folder,
}

/// <summary>How label maps are written.</summary>
/// <param name="Palette">True gives the clusters of 8-bit maps a colour each, which viewers show; the numbers stay the same.</param>
/// <param name="Folder">Folder below the run directory.</param>
/// <param name="OpenShards">Output shards that may be unfinished at once.</param>
public sealed record LabelWriterOptions(
    LabelPlace Into = LabelPlace.Shards, bool Palette = true, string Folder = "predictions", int OpenShards = 4)
{
    /// <summary>Path of the legend whose colours are used; null for that of the prediction's model.</summary>
    public string? Legend { get; init; }
}

/// <summary>Writes the clusters of every prediction as a PNG: 8 bits up to 256 clusters, 16 bits beyond.</summary>
/// <remarks>Faults: <c>shard.unsafe_name</c>, <c>shard.duplicate_key</c> in shards, <c>write.key</c>, <c>write.duplicate</c> in a folder. A full disk stops the run.</remarks>
public static class LabelWriter
{
    private const int MostIndices = 256;

    public static Sink<Prediction> Sink(string name, FlowOptions flow, LabelWriterOptions options) =>
        new(name, flow, context => new Writer(context, name, options))
        {
            Borrows = true,
            Foresee = outlook => outlook
                .Writes("label maps", options.Folder, extent => MeasuredRoom.OfLabelMap(extent, options.Into))
                .Adds(options.Into == LabelPlace.Folder ? outlook.Items * MeasuredRoom.KeptName : 0),
        };

    /// <summary>Encodes the clusters of one prediction.</summary>
    /// <param name="colours">Red, green, blue of each cluster; null leaves the palette out.</param>
    public static byte[] Encode(Prediction prediction, byte[]? colours)
    {
        using var encoder = new PngEncoder();
        return Encode(encoder, prediction, colours).ToArray();
    }

    private static ReadOnlyMemory<byte> Encode(PngEncoder encoder, Prediction prediction, byte[]? colours)
    {
        var (height, width, clusters) = (prediction.Height, prediction.Width, prediction.Clusters);
        return prediction.ClusterCount > MostIndices ? encoder.Grey16(height, width, clusters)
            : colours is null ? encoder.Grey8(height, width, clusters)
            : encoder.Indexed8(height, width, clusters, colours);
    }

    private sealed class Writer(IStageContext context, string kind, LabelWriterOptions options) : ISinkWriter<Prediction>, IResumable
    {
        private readonly IKeyedOutput _output = options.Into == LabelPlace.Shards
            ? new MirroredShards(context.PathInRun(options.Folder), options.OpenShards, context.Wrote)
            : new KeyedFolder(context.PathInRun(options.Folder));

        private readonly LegendColours _colours = LegendColours.Open(options.Legend);
        private readonly PngEncoder _encoder = new();
        private long _written;

        public Task<Fault?> WriteAsync(Prediction value, ItemContext item, CancellationToken stop)
        {
            var fault = _output.Add(value.Origin, Encode(_encoder, value, options.Palette ? _colours.Of(value) : null));
            _written += fault is null ? 1 : 0;
            return Task.FromResult(fault);
        }

        public Task CompleteAsync(CancellationToken stop)
        {
            _output.Commit();
            context.Report(new LabelOutput(options.Folder, options.Into, _written).Report(kind, context.PathInRun(options.Folder)));
            return Task.CompletedTask;
        }

        public bool AwaitsCheckpoint => _output.AwaitsCheckpoint;

        public void Carry(StateArchive state)
        {
            _written = state.Value("written", _written);
            _output.Carry(state.Within("output"));
        }

        public void Publish() => _output.Publish();

        public ValueTask DisposeAsync()
        {
            _output.Dispose();
            _encoder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
