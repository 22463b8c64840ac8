using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Learning;
using InMARS.Stages.Reports;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Reports;

public sealed class TrainingLogTests : IDisposable
{
    private static readonly TrainingReport Report = new(3, 1, double.NaN, 0.5, 1, 0.5, 0.25, double.PositiveInfinity, 0, 0, 0.001);

    private readonly FakeStageContext _context = new();

    [Fact]
    public void Line_is_json_with_null_for_what_is_no_number() =>
        Assert.Equal(
            """{"step":3,"epoch":1,"loss":null,"mutual_information":0.5,"marginal_entropy":1,"conditional_entropy":0.5,"photometric":0.25,"spatial":null,"composed":0,"flipped_by_noise":0,"flipped_by_space":0,"flipped_by_both":0,"strength":0,"learning_rate":0.001}""",
            TrainingLog.Line(Report));

    [Fact]
    public async Task Every_step_can_be_read_as_soon_as_it_is_written()
    {
        await using var writer = TrainingLog.Sink("write.metrics", new FlowOptions(), "training.jsonl").Open(_context);

        await writer.WriteAsync(Report, default, TestContext.Current.CancellationToken);
        await writer.WriteAsync(Report with { Step = 4 }, default, TestContext.Current.CancellationToken);

        using var reader = new StreamReader(new FileStream(_context.PathInRun("training.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
        Assert.Equal([TrainingLog.Line(Report), TrainingLog.Line(Report with { Step = 4 }), ""], lines);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_told()
    {
        Directory.CreateDirectory(_context.PathInRun("training.jsonl"));

        await using var writer = TrainingLog.Sink("write.metrics", new FlowOptions(), "training.jsonl").Open(_context);

        var e = await Assert.ThrowsAsync<RunException>(() => writer.WriteAsync(new TrainingReport(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), default, TestContext.Current.CancellationToken));

        Assert.StartsWith($"cannot write '{_context.PathInRun("training.jsonl")}': ", e.Message);
    }

    public void Dispose() => _context.Dispose();
}
