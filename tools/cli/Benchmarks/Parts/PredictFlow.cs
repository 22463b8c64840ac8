using InMARS.Cli.RunFiles;
using InMARS.Stages.Learning;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>The flow that segments shards into label maps.</summary>
internal static class PredictFlow
{
    /// <param name="model">Folder of the model.</param>
    public static string Text(string scenes, string model, bool fuse, string engine) => $$"""
          - name: predict
            source: { use: shard.read, with: { path: {{Yaml.Quote(scenes)}} } }
            steps:
              - { use: image.decode, with: { labels: { use: false } } }
              - { use: superpixel.slic, with: { region_size: 24, cache: false, engine: {{engine}} } }
              - { use: batch, with: { size: 8 } }
              - { use: segment, with: { model: {{Yaml.Quote(model)}}, fuse: {{(fuse ? "true" : "false")}} } }
            sinks:
              - { use: write.labels }
        """;
}

/// <summary>A model of the default network that has learned nothing.</summary>
internal static class RandomModel
{
    public const int Clusters = 5;

    /// <summary>Writes it into a folder, which is made; the same bytes every time.</summary>
    /// <returns>Its network; the caller owns it.</returns>
    public static Segmenter Save(string folder)
    {
        Directory.CreateDirectory(folder);
        var network = new Segmenter(new NetworkOptions(), Clusters, 0, 7, TorchSharp.torch.CPU);
        Checkpoint.Save(Path.Combine(folder, Checkpoint.FileName), network.State, ModelCard.Of(new TrainingOptions(Clusters), new InmarsOptions()));
        return network;
    }
}
