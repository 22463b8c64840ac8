using System.Security.Cryptography;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>A run that is killed and resumed gives, bit for bit, what a run gives that nobody disturbs.</summary>
[Collection(Alone.Name)]
public sealed class KillTests : IDisposable
{
    private const int Kills = 50;
    private const int LongestMs = 2500;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fifty_kills_at_random_moments_leave_no_trace()
    {
        var expected = await UndisturbedAsync();
        var random = new Random(20);
        var (killed, round) = (0, 0);
        while (killed < Kills)
        {
            var place = Directory.CreateDirectory(_folder[$"killed-{round++}"]).FullName;
            killed += await KillUntilDoneAsync(new Inmars(place), random, Kills - killed);

            Assert.Equal(expected, Digest(place));
        }
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_at_a_border_and_can_be_resumed(string signal)
    {
        var expected = await UndisturbedAsync();
        var place = Directory.CreateDirectory(_folder["signalled"]).FullName;
        var inmars = new Inmars(place);

        var stopped = await inmars.RunAsync(process => SignalInTraining(process, signal, place), "run", RunFile());
        var resumed = await inmars.RunAsync("resume", "runs/night");

        Assert.True(stopped.Code == 75, stopped.Told);
        Assert.Contains("To go on from its last checkpoint: inmars resume runs/night", stopped.Told, StringComparison.Ordinal);
        Assert.True(resumed.Code == 3, resumed.Told);
        Assert.Equal(expected, Digest(place));
    }

    private async Task<string> UndisturbedAsync()
    {
        BadShards.Write(_folder["data"]);
        BadShards.WriteGood(_folder["data"], shards: 5, perShard: 7);
        var place = Directory.CreateDirectory(_folder["undisturbed"]).FullName;
        var whole = await new Inmars(place).RunAsync("run", RunFile());
        Assert.True(whole.Code == 3, whole.Told);
        return Digest(place);
    }

    private async Task<int> KillUntilDoneAsync(Inmars inmars, Random random, int most)
    {
        string[] command = ["run", RunFile()];
        for (var killed = 0; ; killed++)
        {
            var run = killed < most
                ? await inmars.RunAsync(process => KillWithin(process, random.Next(LongestMs)), command)
                : await inmars.RunAsync(command);
            if (run.Code is 0 or 3)
            {
                return killed;
            }

            Assert.True(run.Code == 128 + 9, run.Told);
            command = RunBegan(inmars) ? ["resume", "runs/night"] : ["run", RunFile(), "--overwrite"];
        }
    }

    private static bool RunBegan(Inmars inmars) => File.Exists(Path.Combine(inmars.Directory, "runs", "night", "manifest.json"));

    private static void KillWithin(System.Diagnostics.Process process, int milliseconds)
    {
        if (!process.WaitForExit(milliseconds))
        {
            process.Kill();
        }
    }

    private static void SignalInTraining(System.Diagnostics.Process process, string signal, string place)
    {
        var log = Path.Combine(place, "runs", "night", "training.jsonl");
        SpinWait.SpinUntil(() => process.HasExited || (File.Exists(log) && new FileInfo(log).Length > 0));
        System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();
    }

    /// <summary>Everything that a run is for, and its last checkpoint.</summary>
    private static string Digest(string place)
    {
        var run = new RunFolder(Path.Combine(place, "runs", "night"));
        string[] timed = ["events.jsonl", "ledger.sqlite", "lock", "manifest.json", "summary.md", "resume/flow-"];
        var files = run.Files.Where(f => !Array.Exists(timed, t => f.StartsWith(t, StringComparison.Ordinal)) && !f.EndsWith(".checkpoint", StringComparison.Ordinal));
        var last = run.Files.Last(f => f.EndsWith(".checkpoint", StringComparison.Ordinal));
        return string.Join('\n', files.Append(last).Select(f => $"{(f == last ? "last checkpoint" : f)} {Hash(Path.Combine(run.Path, f))}"));
    }

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private string RunFile()
    {
        var path = _folder["night.yaml"];
        File.WriteAllText(
            path,
            $$"""
            run: { name: night, threads: 1, cache: cache, checkpoint_minutes: 0.002 }
            define:
              prepare:
                - { use: image.decode, with: { labels: { strict: true, classes: { left: [0], right: [1] } } } }
                - { use: superpixel.slic, with: { region_size: 8 } }
            flows:
              - name: train
                epochs: 5
                source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar", shuffle: true } }
                steps:
                  - { use: image.decode }
                  - { use: image.flip }
                  - { use: superpixel.slic, with: { region_size: 8 } }
                  - { use: batch, with: { size: 4 } }
                  - { use: collate }
                  - { use: learn.inmars, with: { clusters: 2, network: { width: 8 }, ramp_steps: 4, marginal_memory: 0.5, accumulate: 2, snapshots: 3 } }
                sinks: [{ use: write.metrics }]
              - name: predict
                source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar" } }
                steps:
                  - steps: prepare
                  - { use: batch, with: { size: 3 } }
                  - { use: segment }
                sinks: [{ use: write.labels, with: { open_shards: 2 } }, { use: write.overlay }]
              - name: evaluate
                source: { use: pairs.read, with: { labels: "{{_folder["data"]}}/*.tar" } }
                steps: [{ use: pairs.decode }]
                sinks: [{ use: evaluate.hungarian }]
              - name: kmeans
                epochs: 2
                source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar" } }
                steps:
                  - steps: prepare
                  - { use: baseline.kmeans, with: { clusters: 2 } }
                sinks: [{ use: evaluate.hungarian }]
            """);
        return path;
    }
}
