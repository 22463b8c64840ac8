using InMARS.Pipeline.Graphs;

namespace InMARS.Bench;

/// <summary>The superpixel cache: what an image costs in an epoch that finds everything cut, against the first, and bytes on the disk.</summary>
internal static class CacheSpeed
{
    private const int Images = 120;

    private static readonly (string Size, int Width, int Height, int Region)[] _cases = [("480x360", 480, 360, 24), ("128x96", 128, 96, 8)];

    public static IEnumerable<Figure> Measure(string root)
    {
        foreach (var (size, width, height, region) in _cases)
        {
            var shards = Flows.Shards(root, Images, width, height);
            foreach (var engine in new[] { "simd", "opencv" })
            {
                foreach (var figure in Of(root, shards, $"synthetic {size}, {engine}", $"{{ use: superpixel.slic, with: {{ region_size: {region}, engine: {engine} }} }}", width * height))
                {
                    yield return figure;
                }
            }
        }
    }

    /// <summary>Figures of one set of shards.</summary>
    /// <param name="pixels">Of one image as it is cut.</param>
    public static IEnumerable<Figure> Of(string root, string shards, string name, string slic, int pixels, string decode = "{ use: image.decode }")
    {
        var host = new BenchHost(Path.Combine(root, Guid.NewGuid().ToString("N")));
        var plan = Flows.Of($$"""
              - name: cut
                source: { use: shard.read, with: { path: {{shards}} } }
                steps: [{{decode}}, {{slic}}, { use: batch, with: { size: 8 } }, { use: collate }]
                sinks: [{ use: bench.ignore }]
            """);
        var first = Run(plan, host);
        var second = Enumerable.Range(0, 3).Select(_ => Run(plan, host)).MinBy(s => s.Elapsed)!;
        var bytes = Directory.EnumerateFiles(Path.Combine(host.Settings.Cache, "superpixels"), "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        yield return new Figure($"{name}: second epoch, times the speed of the first, read to batch", first.Elapsed / second.Elapsed, "", "at least 20");
        yield return new Figure($"{name}: cached, an image ({string.Join(", ", second.Stages.Select(s => $"{s.Stage} {s.Times.MeanMs:0.00}"))})", second.Elapsed.TotalMilliseconds / second.Read, "ms", "");
        yield return new Figure($"{name}: bytes a pixel on the disk", (double)bytes / second.Read / pixels, "", "at most 0.5");
    }

    private static FlowSummary Run(FlowPlan plan, BenchHost host) => Graph.RunAsync(plan, host).GetAwaiter().GetResult();
}
