using System.Text;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Learning;

namespace InMARS.Stages.Reports;

/// <summary>Writes one line of JSON for every training step, so that a run can be followed and drawn while it goes on.</summary>
/// <remarks>Numbers that are not finite are null, as JSON has no word for them.</remarks>
public static class TrainingLog
{
    public static Sink<TrainingReport> Sink(string name, FlowOptions flow, string file) =>
        new(name, flow, context => new Writer(context.PathInRun(file)))
        {
            Borrows = true,
            Foresee = outlook => outlook.Writes(
                new PlannedFiles("the training log", Path.Combine(outlook.Run.Directory, file), outlook.Items * outlook.Epochs * MeasuredRoom.TrainingLine)),
        };

    /// <summary>The line of one step.</summary>
    public static string Line(TrainingReport report) => new JsonObject
    {
        ["step"] = report.Step,
        ["epoch"] = report.Epoch,
        ["loss"] = Number(report.Loss),
        ["mutual_information"] = Number(report.MutualInformation),
        ["marginal_entropy"] = Number(report.MarginalEntropy),
        ["conditional_entropy"] = Number(report.ConditionalEntropy),
        ["photometric"] = Number(report.Photometric),
        ["spatial"] = Number(report.Spatial),
        ["composed"] = Number(report.Composed),
        ["flipped_by_noise"] = Number(report.FlippedByNoise),
        ["flipped_by_space"] = Number(report.FlippedBySpace),
        ["flipped_by_both"] = Number(report.FlippedByBoth),
        ["strength"] = Number(report.Strength),
        ["learning_rate"] = Number(report.LearningRate),
    }.ToJsonString();

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private sealed class Writer(string path) : ISinkWriter<TrainingReport>, IResumable
    {
        private FileStream? _file;

        public Task<Fault?> WriteAsync(TrainingReport value, ItemContext item, CancellationToken stop) => Writing.To(path, () =>
        {
            var file = _file ??= Open(0);
            file.Write(Encoding.UTF8.GetBytes(Line(value) + "\n"));
            file.Flush();
            return Task.FromResult<Fault?>(null);
        });

        public void Carry(StateArchive state) => _ = Writing.To(path, () =>
        {
            _file?.Flush(flushToDisk: true);
            var length = state.Value("length", _file?.Length ?? 0);
            _file ??= Open(length);
            return length;
        });

        public Task CompleteAsync(CancellationToken stop) => Task.CompletedTask;

        public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;

        /// <summary>Lines that an earlier process wrote behind its last checkpoint are cut off: they come again.</summary>
        private FileStream Open(long length)
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            file.SetLength(Math.Min(length, file.Length));
            file.Seek(0, SeekOrigin.End);
            return file;
        }
    }
}
