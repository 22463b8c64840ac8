using InMARS.Pipeline.Runs;
using InMARS.Stages.Synthesis;

namespace InMARS.Soak;

/// <summary>A run over many small images that nobody disturbs: what one of them costs must not depend on how many came before it.</summary>
internal sealed class Plenty(SoakOptions options, string program, Action<string> say, Tally tally)
{
    private const string FileName = "plenty.yaml";

    /// <summary>What the last quarter of the shards may have above the first, in MiB: 1.7 KiB an image that stays would be found.</summary>
    private const double MostGrowthMb = 128;

    private const int LedgerBytesAnImage = 200;

    /// <summary>What an empty ledger and its log take.</summary>
    private const long LedgerBytesOnce = 256 << 10;

    private readonly string _folder = Path.Combine(options.Folder, "plenty");

    /// <exception cref="IOException">The run does not come to its end.</exception>
    public async Task<PlentyFigures> RunAsync(CancellationToken stop)
    {
        var (shards, images) = (options.ManyShards, options.ManyImages);
        say($"{images} images of {options.ManyEdge} x {options.ManyEdge} in {shards} shards");
        var scenes = new SceneOptions(options.ManyEdge, options.ManyEdge);
        SyntheticShards.Write(Path.Combine(_folder, "data"), new SyntheticSet(images, (ulong)options.Seed, scenes, options.ManyPerShard), stop: stop);
        File.WriteAllText(Path.Combine(_folder, FileName), Text);
        await using var process = NightProcess.Start(program, _folder, "run", FileName);
        await process.WaitAsync(TimeSpan.MaxValue, () => false, stop);
        var (code, told) = await process.EndAsync(stop);
        return code == 0 ? Figures(Path.Combine(_folder, "runs", "plenty")) : throw new IOException($"the run over many images ended with exit code {code}: {told}");
    }

    private string Text =>
        $$"""
        run: { name: plenty, seed: {{options.Seed}}, cache: cache, min_free_mb: {{NightFile.FloorMb}} }
        flows:
          - name: label
            source: { use: shard.read, with: { path: data/*.tar } }
            steps:
              - use: image.decode
              - { use: superpixel.slic, with: { engine: simd, region_size: 8, iterations: 2, cache: false } }
              - { use: baseline.random, with: { clusters: 3 } }
            sinks: [{ use: write.labels }, { use: evaluate.hungarian }]
        """;

    private PlentyFigures Figures(string run)
    {
        using var ledger = LedgerReader.Open(run);
        var flow = ledger.Flows().Single();
        var shards = ledger.Shards(flow.Name);
        tally.Require(flow.Counts == new ItemCounts(options.ManyImages, options.ManyImages, 0), () => $"of {options.ManyImages} images the ledger has {flow.Counts}");
        var written = Directory.GetFiles(Path.Combine(run, "predictions"), "*", SearchOption.AllDirectories).Length;
        tally.Require(
            shards.Count == options.ManyShards && shards.All(s => s.Event.Outputs.Count == 1) && written == shards.Count,
            () => $"of {options.ManyShards} shards the ledger has {shards.Count}, {shards.Count(s => s.Event.Outputs.Count == 1)} with an output, and {written} files are there");
        var bytes = new FileInfo(Path.Combine(run, Ledger.FileName)).Length;
        tally.Require(bytes <= LedgerBytesOnce + ((long)LedgerBytesAnImage * options.ManyImages), () => $"the ledger takes {bytes} bytes for {options.ManyImages} images");

        var figures = PlentyFigures.Of(flow.Started!.Value, [.. shards.Select(s => (s.Last, s.Event.Counts.Read, s.Event.Memory!.Resident))]);
        tally.Require(figures.LastMb - figures.FirstMb < MostGrowthMb, () => $"memory grows with the number of images: {figures}");
        return figures;
    }
}

/// <summary>What the first and the last quarter of the shards cost.</summary>
/// <param name="FirstMb">Mean of what was resident, in MiB.</param>
/// <param name="FirstMs">Time an image, in milliseconds.</param>
internal sealed record PlentyFigures(long Images, double FirstMb, double LastMb, double FirstMs, double LastMs)
{
    private const int Fewest = 4;

    /// <remarks>The last shards are settled with the end of the flow, the scores and their intervals included; where enough are left, they do not count.</remarks>
    /// <param name="shards">When each was settled, how many images it has, and what was resident then, in bytes.</param>
    public static PlentyFigures Of(DateTimeOffset start, IReadOnlyList<(DateTimeOffset Settled, long Images, long Resident)> shards)
    {
        var all = shards.OrderBy(s => s.Settled).ToList();
        var within = all.TakeWhile(s => s.Settled < all[^1].Settled).ToList();
        var order = within.Count >= Fewest ? within : all;
        var quarter = Math.Max(1, order.Count / 4);
        var (first, last) = (order[..quarter], order[^quarter..]);
        return new PlentyFigures(
            all.Sum(s => s.Images), Mb(first), Mb(last), Ms(first, start), Ms(last, order.Count > quarter ? order[^(quarter + 1)].Settled : start));
    }

    private static double Mb(List<(DateTimeOffset Settled, long Images, long Resident)> shards) => shards.Average(s => s.Resident) / (1 << 20);

    private static double Ms(List<(DateTimeOffset Settled, long Images, long Resident)> shards, DateTimeOffset from) =>
        (shards[^1].Settled - from).TotalMilliseconds / shards.Sum(s => s.Images);
}
