using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Reports;

/// <summary>Writes every superpixel map as a PNG of 16 bits into a folder.</summary>
/// <remarks>Faults: <c>write.too_many</c> for more than 65535 superpixels, <c>write.key</c>, <c>write.duplicate</c>.</remarks>
public static class SuperpixelWriter
{
    public static Sink<SuperpixelMap> Sink(string name, FlowOptions flow, string folder) =>
        new(name, flow, context => new Writer(context, name, folder))
        {
            Borrows = true,
            Foresee = outlook => outlook.Writes("superpixel maps", folder, MeasuredRoom.OfSuperpixelMap).Adds(outlook.Items * MeasuredRoom.KeptName),
        };

    private sealed class Writer(IStageContext context, string kind, string folder) : ISinkWriter<SuperpixelMap>, IResumable
    {
        private readonly KeyedFolder _output = new(context.PathInRun(folder));
        private readonly PngEncoder _encoder = new();
        private long _written;

        public Task<Fault?> WriteAsync(SuperpixelMap value, ItemContext item, CancellationToken stop)
        {
            var fault = value.Count > ushort.MaxValue
                ? new Fault("write.too_many", $"the image has {value.Count} superpixels; a PNG of 16 bits holds {ushort.MaxValue}")
                : _output.Add(value.Image.Origin, _encoder.Grey16(value.Image.Height, value.Image.Width, value.Labels));
            _written += fault is null ? 1 : 0;
            return Task.FromResult(fault);
        }

        public Task CompleteAsync(CancellationToken stop)
        {
            context.Report(new StageReport(kind, [], [$"{_written:N0} superpixel maps in {context.PathInRun(folder)}."]));
            return Task.CompletedTask;
        }

        public void Carry(StateArchive state)
        {
            _written = state.Value("written", _written);
            _output.Carry(state.Within("output"));
        }

        public ValueTask DisposeAsync()
        {
            _output.Dispose();
            _encoder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
