using System.Text.Json.Nodes;
using InMARS.Cli.Display;
using InMARS.Cli.Planning;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public class PlanReportTests
{
    private const long MiB = 1 << 20;
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_plan_is_told_with_what_it_was_extrapolated_from() => Assert.Equal(
        """
        Plan of run 'night' into runs/night

        train: 24,000 images in 24 files, 600 MiB
          of 48 looked at: 2 sizes, most 640 x 480 pixels, widths 320 to 640, heights 240 to 480; 3 bands (47), 1 band (1); JPEG
          ids of 40 label maps, with their share of the pixels: 0 (75.0 %), 1 (25.0 %), 255 (< 0.1 %)
          warning: 2 samples have the key of an earlier one
          Bottleneck: learn.
        evaluate: about 24,000 images, made by the flows before it
          Bottleneck: none.
        flow      images  epochs  images/s  time   memory     writes
        train     24,000  10      8.00      8.3 h  1,100 MiB  238 MiB
        evaluate  24,000  1       160       3 min  500 MiB    0.0 MiB
        in all                              8.4 h  1,100 MiB  268 MiB

        Time: about 8.4 h; started now, it finishes at about 2026-11-23 02:22.
        Most of it goes to train. Bottleneck: learn.
        Memory: about 1,100 MiB; there are 8,000 MiB.
        Disk: about 268 MiB in runs/night, and 750 MiB in runs/.cache; 900 MiB are free, which is not enough.
        Speed, memory and disk are extrapolated from a trial: 64 images in train, 32 images in evaluate.
        Would be refused:
          train: image.decode refuses 2 of 80 looked at; the first: a.tar:17: image.bands: expected 3 bands, found 5
          flow 'last': no shard matches 'x'
        """.Split('\n'),
        PlanReport.Lines(Night(), _clock));

    [Fact]
    public void For_programs_sizes_are_bytes_and_spans_seconds()
    {
        var plan = JsonNode.Parse(PlanJson.Of(Night()))!;

        Assert.Equal(
            (30150.0, 1100 * MiB, 900 * MiB, false, "train"),
            ((double)plan["seconds"]!, (long)plan["memory_bytes"]!, (long)plan["free_bytes"]!, (bool)plan["fits"]!, (string?)plan["longest"]));
        Assert.Equal("""{"0":0.75,"1":0.2499,"255":0.0001}""", plan["flows"]![0]!["survey"]!["label_ids"]!.ToJsonString());
        Assert.Equal("2026-11-23T02:22:30.0000000+00:00", (string?)plan["finish"]);
        Assert.Equal(["image.decode", null], plan["refused"]!.AsArray().Select(r => (string?)r!["stage"]));
    }

    [Fact]
    public void A_flow_that_was_not_tried_makes_the_whole_unknown()
    {
        var night = Night();
        var lines = PlanReport.Lines(night with { Flows = [night.Flows[0] with { First = null, Second = null }], Refusals = [] }, _clock).ToList();

        Assert.Equal(
            ["train   24,000  10      -         ?     ?       ?", "in all                            ?     ?       ?", "", "Refused: nothing, as far as was looked."],
            lines[^4..]);
    }

    [Theory]
    [InlineData(100, 200, 10_000)]
    [InlineData(100, 110, 1_090)]
    [InlineData(100, 100, 100)]
    [InlineData(100, 90, 90)]
    public void Bytes_are_a_line_over_the_images_of_both_trials(long first, long second, long expected)
    {
        var flow = Flow("f", 100, 1, Trial(1, 1, 0, Folder("out", 1, first)), Trial(2, 1, 0, Folder("out", 1, second)));

        Assert.Equal(expected, flow.Written);
    }

    [Fact]
    public void A_folder_of_limited_files_does_not_grow_with_the_images()
    {
        var flow = Flow("f", 1000, 1, Trial(2, 1, 0, Folder("overlays", 2, 20)), Trial(4, 1, 0, Folder("overlays", 4, 40)));

        Assert.Equal((10_000, 320), (flow.Written, (flow with { MostFiles = new Dictionary<string, long> { ["overlays"] = 32 } }).Written));
    }

    [Fact]
    public void The_run_file_limits_overlays_and_checkpoints()
    {
        var limited = LimitedFolders.Of(
            """
            flows:
              - steps: [{ use: learn.inmars, with: { clusters: 3, snapshots: 5 } }]
                sinks: [{ use: write.overlay, with: { folder: seen, limit: 7 } }, { use: write.labels, with: { folder: predictions } }]
            """);

        Assert.Equal([new("checkpoints", 13), new("seen", 7)], limited);
    }

    private RunFigures Night()
    {
        var plan = new RunPlan(new RunSettings("night", 1, "runs", "cpu", 1, 0, "runs/.cache", new RejectPolicy()), [], "");
        var survey = new SampleSurvey(48, [new((640, 480), 40), new((320, 240), 8)], [new(3, 47), new(1, 1)], [new("JPEG", 48)], 40, [new(0, 0.75), new(1, 0.2499), new(255, 0.0001)]);
        var train = new FlowFigures(
            new FlowInput("train", 24_000, 24, 600 * MiB, new SourceCheck(0, null, ["2 samples have the key of an earlier one"])),
            10, 24_000, survey,
            Trial(16, 2, 4, Folder("", 3, 4 * MiB)),
            Trial(64, 2, 8, Folder("", 3, (4 * MiB) + (48 * 1024))) with { Cached = MiB, PeakResident = 1000 * MiB })
        {
            MostAlive = 101 * MiB,
        };
        var evaluate = new FlowFigures(
            new FlowInput("evaluate", null, 0, 0, SourceCheck.Nothing, "none"), 1, 24_000, null,
            Trial(16, 1, 1, Folder("", 1, 0)), Trial(32, 1, 0.2, Folder("", 1, 0)) with { PeakResident = 500 * MiB });
        return new RunFigures(
            plan, [train, evaluate],
            [new Refusal("train", "image.decode", 2, 80, "a.tar:17: image.bands: expected 3 bands, found 5"), new Refusal("last", null, 0, null, "flow 'last': no shard matches 'x'")],
            _clock.GetUtcNow(), 10 * MiB, 900 * MiB, 8000 * MiB);
    }

    private static FlowFigures Flow(string name, long items, int epochs, TrialFlow first, TrialFlow second) =>
        new(new FlowInput(name, items, 1, 1, SourceCheck.Nothing), epochs, items, null, first, second);

    private static TrialFlow Trial(long read, int epochs, double seconds, Dictionary<string, FileCount> written) => new(
        new FlowSummary("f", read, read, 0, TimeSpan.FromSeconds(seconds), 4, MiB, [], epochs == 2 ? "Bottleneck: learn." : "Bottleneck: none."), epochs, 100 * MiB, written, 0);

    private static Dictionary<string, FileCount> Folder(string name, long files, long bytes) => new() { [name] = new FileCount(files, bytes) };
}
