using InMARS.Stages.Shards;

namespace InMARS.Cli.RunFiles;

/// <summary>What is to be segmented, by what, and where to.</summary>
/// <param name="Weights">A .safetensors file.</param>
/// <param name="Checkpoint">Which weights of that model: last, label_free, or a file of its folder.</param>
/// <param name="Input">A folder, an image, a shard, or a pattern of shards.</param>
/// <param name="RegionSize">Superpixel edge, in pixels; null as trained.</param>
/// <param name="OriginalSize">Whether images keep their size where the model was trained on resized ones.</param>
internal sealed record PredictRequest(
    string Weights, string Checkpoint, string Input, string Output, int? RegionSize, bool OriginalSize, bool PaintPixels);

/// <summary>The run file of <c>inmars predict</c>.</summary>
internal static class PredictRun
{
    public static string Text(PredictRequest request, Preparation preparation)
    {
        var resize = preparation.Resize is { } with && !request.OriginalSize ? $"\n      - {{ use: image.resize, with: {with} }}" : "";
        return $$"""
            run: { {{RunPlace.Of(request.Output).Lines}} }
            flows:
              - name: predict
                source: {{Source(request.Input)}}
                steps:
                  - { use: image.decode, with: { bands: {{preparation.Bands}}, labels: { use: false } } }{{resize}}
                  - { use: superpixel.slic, with: { {{Cut(preparation, request.RegionSize)}} } }
                  - { use: batch, with: { size: 8 } }
                  - { use: segment, with: { model: {{Yaml.Quote(request.Weights)}}, checkpoint: {{Yaml.Quote(request.Checkpoint)}}, paint: {{(request.PaintPixels ? "pixel" : "superpixel")}} } }
                sinks:
                  - { use: write.labels, with: { into: {{(IsShards(request.Input) ? "shards" : "folder")}} } }
                  - { use: write.overlay }

            """;
    }

    /// <summary>A source for whatever the user pointed at.</summary>
    public static string Source(string input) => IsShards(input)
        ? $"{{ use: shard.read, with: {{ path: {Yaml.Quote(input)} }} }}"
        : $"{{ use: folder.read, with: {{ images: {Yaml.Quote(input)}, recursive: true }} }}";

    private static bool IsShards(string input) => Directory.Exists(input)
        ? ShardPattern.HoldsShards(input)
        : !File.Exists(input) || ShardPattern.IsShard(input);

    private static string Cut(Preparation preparation, int? regionSize)
    {
        var options = preparation.Cut.ToDictionary();
        options["cache"] = "false";
        if (regionSize is { } edge)
        {
            (options["region_size"], options["count"]) = ($"{edge}", "none");
        }

        return string.Join(", ", options.Select(o => $"{o.Key}: {o.Value}"));
    }
}
