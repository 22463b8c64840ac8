using InMARS.Bench;
using InMARS.Pipeline.Graphs;

namespace InMARS.Tests.Bench;

public sealed class ProgressMarksTests
{
    [Fact]
    public void A_number_is_read_when_each_share_has_left_the_graph()
    {
        var (done, reads) = (0, 0);
        using var marks = new ProgressMarks(() => ++reads, 0.25, 0.75);

        marks.FlowStarted(Progress(total: 100, () => done += 5));

        Assert.Equal([(30L, 1L), (80L, 2L)], marks.Read());
    }

    [Fact]
    public void A_flow_that_ends_leaves_no_one_waiting()
    {
        using var marks = new ProgressMarks(() => 7, 0.5);

        marks.FlowStarted(Progress(total: 100, () => 3));
        marks.FlowEnded(new FlowSummary("toy", 3, 3, 0, TimeSpan.Zero, 0, 0, [], ""));

        Assert.Equal([(3L, 7L)], marks.Read());
    }

    private static FlowProgress Progress(long total, Func<long> done) => new("toy", total, done, () => 0, () => new Dictionary<string, double>());
}
