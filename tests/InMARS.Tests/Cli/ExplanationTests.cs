using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages;
using InMARS.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

/// <summary>What <c>resume --explain</c> says of shards, with the stages that are built in.</summary>
public sealed class ExplanationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shards_are_told_by_what_becomes_of_them()
    {
        var stopped = await RunAsync(stopAt: 45);
        var explained = await InmarsAsync(new Watch(() => { }), "resume", Run, "--explain");
        File.WriteAllBytes(Path.Combine(Run, "predictions", "synthetic-000000.tar"), []);
        var gone = await InmarsAsync(new Watch(() => { }), "resume", Run, "--explain");

        Assert.True(stopped.Code == 75, stopped.Told);
        Assert.Matches(
            """
            ^label: reuse epochs before 1, and (\d+) items of epoch 1; do from item \1 of epoch 1 of 1 \(the last checkpoint stands there\)
              synthetic-000000.tar to synthetic-00000\d.tar, \d files: reuse \(written, SHA-256 known\)
              synthetic-00000\d.tar: go on at sample \d+ \(the checkpoint stands there\)
              synthetic-00000\d.tar to synthetic-000007.tar, \d files: to do \(not read yet\)
            $
            """.TrimEnd(),
            explained.Out);
        Assert.Contains(
            "\n  synthetic-000000.tar: reuse (written, but 'predictions/synthetic-000000.tar' is not there as it was)\n  synthetic-000001.tar",
            gone.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_border_of_a_shard_that_one_is_done_and_the_next_begins()
    {
        var broken = await RunAsync(stopAt: 22, () => throw new InvalidOperationException("It broke."));

        var explained = await InmarsAsync(new Watch(() => { }), "resume", Run, "--explain");

        Assert.True(broken.Code == 1, broken.Told);
        Assert.Matches(
            """
            ^label: reuse epochs before 1, and 20 items of epoch 1; do from item 20 of epoch 1 of 1 \(the last checkpoint stands there\)
              synthetic-000000.tar: reuse \([^()]*\)
              synthetic-000001.tar: to do \(not read yet; the next\)
              synthetic-000002.tar to synthetic-000007.tar, 6 files: to do \(not read yet\)
            $
            """.TrimEnd(),
            explained.Out);
    }

    [Fact]
    public async Task A_run_that_has_ended_has_written_every_shard_and_so_has_one_that_was_stopped()
    {
        await RunAsync(stopAt: 45);
        var resumed = await InmarsAsync(new Watch(() => { }), "resume", Run);
        var explained = await InmarsAsync(new Watch(() => { }), "resume", Run, "--explain");

        Assert.True(resumed.Code == 0, resumed.Told);
        Assert.Equal(
            "label: reuse all of it (it had ended)\n  synthetic-000000.tar to synthetic-000007.tar, 8 files: reuse (written, SHA-256 known)\n",
            explained.Out);
    }

    private string Run => _folder["runs", "night"];

    private static Task<CliRun> InmarsAsync(Watch watch, params string[] args) => CliRun.OfAsync(args, [new StandardStages(), watch]);

    /// <summary>Runs until so many images have been decoded.</summary>
    /// <param name="stop">How it is stopped; by a signal where null.</param>
    private async Task<CliRun> RunAsync(int stopAt, Action? stop = null)
    {
        using var interrupt = new CancellationTokenSource();
        var seen = 0;
        var watch = new Watch(() =>
        {
            if (++seen == stopAt)
            {
                (stop ?? interrupt.Cancel)();
            }
        });
        await InmarsAsync(watch, "synth", "--output", _folder["data"], "--count", "160", "--per-shard", "20", "--size", "32x32");
        File.WriteAllText(_folder["run.yaml"], RunText);
        return await CliRun.OfAsync(["run", _folder["run.yaml"]], [new StandardStages(), watch], interrupt);
    }

    private string RunText =>
        $$"""
        run: { name: night, output: "{{_folder["runs"]}}", cache: "{{_folder["cache"]}}" }
        flows:
          - name: label
            source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar" } }
            steps:
              - { use: image.decode, flow: { parallelism: 1, capacity: 1 } }
              - { use: night.watch, flow: { parallelism: 1, capacity: 1 } }
              - { use: superpixel.slic, with: { engine: simd, cache: false }, flow: { parallelism: 1, capacity: 1 } }
              - { use: baseline.random, with: { clusters: 3 }, flow: { parallelism: 1, capacity: 1 } }
            sinks: [{ use: write.labels, with: { open_shards: 1 } }]
        """;

    private sealed class Watch(Action seen) : IStageModule
    {
        public IEnumerable<StageEntry> Entries =>
        [
            StageEntry.Stage<RgbImage, RgbImage>("night.watch", "Counts.", "Never fails.", (_, step) => Stage.Map<RgbImage, RgbImage>("night.watch", step.Flow, (image, _) =>
            {
                seen();
                return Result.Ok(image);
            })),
        ];
    }
}
