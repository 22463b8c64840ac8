using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Reports;
using InMARS.Stages.Shards;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Synthesis;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Batching;

/// <summary>Whole flows of built-in stages give the same bits whether arrays are used again or not.</summary>
public sealed class ArraysUsedAgainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{ use: image.decode }, { use: image.crop, with: { width: 40, height: 40, pad: reflect } }, { use: image.flip }, { use: image.jitter }")]
    [InlineData("{ use: image.decode }, { use: image.resize, with: { width: 40, height: 30 } }")]
    [InlineData("{ use: image.decode, with: { resize: { width: 40, height: 30 } } }")]
    public async Task Batches_are_the_same(string steps)
    {
        SyntheticShards.Write(_folder["shards"], new SyntheticSet(40, 7, new SceneOptions(64, 48)), stop: TestContext.Current.CancellationToken);

        var source = $"{{ use: shard.read, with: {{ path: {_folder["shards"]}, shuffle: true, buffer: 16 }} }}";
        Assert.Equal(await Batches(source, steps, borrows: false), await Batches(source, steps, borrows: true));
    }

    [Fact]
    public async Task Batches_of_files_are_the_same()
    {
        for (var i = 0; i < 40; i++)
        {
            var scene = SyntheticScenes.Make((ulong)i, new SceneOptions(64, 48));
            Writing.File(_folder[$"images/{i:D2}.png"], Png.Rgb8(48, 64, scene.Pixels));
            Writing.File(_folder[$"labels/{i:D2}.png"], Png.Grey8(48, 64, scene.Classes));
        }

        var source = $"{{ use: folder.read, with: {{ images: {_folder["images"]}, labels: {_folder["labels"]}, shuffle: true }} }}";
        Assert.Equal(await Batches(source, "{ use: image.decode }", borrows: false), await Batches(source, "{ use: image.decode }", borrows: true));
    }

    [Fact]
    public void Kernels_whose_arrays_are_lent_make_small_objects_only()
    {
        var scene = SyntheticScenes.Make(1, new SceneOptions(300, 200));
        var (store, decoding) = (new ArrayStore(() => long.MaxValue), new Decoding(DecodingOptions.Default));
        var sample = new Sample(new Origin("s", "k"), "k.png", Png.Rgb8(200, 300, scene.Pixels));
        Cut();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Cut();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);

        void Cut()
        {
            var arrays = new ItemArrays(store);
            var item = new ItemContext { Arrays = arrays };
            Assert.True(decoding.Decode(sample, item).TryGet(out var image, out _) && Slic.Cut(image, new SlicOptions(), item).TryGet(out _, out _));
            arrays.Return();
        }
    }

    private async Task<IReadOnlyList<string>> Batches(string source, string steps, bool borrows)
    {
        var seen = new ConcurrentQueue<string>();
        var yaml = $$"""
            run: { name: test, seed: 3 }
            flows:
              - name: arrays
                epochs: 3
                source: {{source}}
                steps: [{{steps}}, { use: superpixel.slic, with: { region_size: 8, cache: {{(borrows ? "true" : "false")}} } }, { use: batch, with: { size: 5 } }, { use: collate }]
                sinks: [{ use: test.hash }]
            """;
        var plan = RunFile.Parse(yaml, "run.yaml", [], [new StandardStages(), new Hashes(seen, borrows)])
            .Match(p => p.Flows[0], errors => throw new InvalidOperationException(string.Join('\n', errors)));
        _ = await Graph.RunAsync(plan, new Host(_folder["run"]), TestContext.Current.CancellationToken);
        Assert.Equal(24, seen.Count);
        return [.. seen];
    }

    private sealed class Hashes(ConcurrentQueue<string> seen, bool borrows) : IStageModule
    {
        public IEnumerable<StageEntry> Entries =>
        [
            StageEntry.Sink("test.hash", "Keeps hashes.", "Never fails.", (_, _) => Toy.Each<ImageBatch>("test.hash", batch =>
            {
                var bytes = new List<byte>([.. batch.Pixels.bytes, .. batch.Superpixels.bytes]);
                foreach (var map in batch.Items)
                {
                    bytes.AddRange(map.Image.Pixels);
                    bytes.AddRange(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ushort>(map.Image.Truth!.Ids).ToArray());
                }

                seen.Enqueue(Convert.ToHexString(SHA256.HashData([.. bytes])));
                return Task.CompletedTask;
            }) with { Borrows = borrows }),
        ];
    }

    private sealed class Host(string folder) : IRunHost
    {
        public RunSettings Settings { get; } = new("test", 3, folder, "cpu", 1, 64, Path.Combine(folder, "cache"), new RejectPolicy(OnFault.Stop));

        public TimeProvider Time => TimeProvider.System;

        public string PathInRun(params ReadOnlySpan<string> parts) => throw new InvalidOperationException("This test writes no files.");

        public void Log(string flow, string stage, string kind, string? message, JsonObject? data)
        {
        }

        public void Report(string flow, string stage, StageReport report)
        {
        }

        public void Rejected(Reject reject) => throw new InvalidOperationException(reject.Fault.Message);

        public void Started(FlowProgress progress)
        {
        }
    }
}
