using System.Globalization;

namespace InMARS.Soak;

/// <summary>How a session of the run takes what goes wrong around it; its results are the same in each.</summary>
internal enum Mood
{
    Usual,

    /// <summary>Loses patience after seconds in which nothing moves.</summary>
    Impatient,

    /// <summary>Does not look at the room on the disk, and so meets its end in the middle of a write.</summary>
    Reckless,
}

/// <summary>The run file: trains, predicts, and scores.</summary>
/// <param name="Data">Folder of the shards.</param>
/// <param name="Stages">The assembly with the stage that stalls.</param>
internal sealed record NightFile(SoakOptions Options, string Data, string Stages, int Epochs)
{
    /// <summary>Name of the file that makes the stage stall, in the directory that the run is started in.</summary>
    public const string Marker = "stall";

    /// <summary>Room below which the usual run stops, in MiB.</summary>
    public const int FloorMb = 4;

    public string Text(Mood mood) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        run:
          name: night
          seed: {{Options.Seed}}
          threads: 1
          cache: cache
          checkpoint_minutes: {{Options.CheckpointMinutes}}
          min_free_mb: {{(mood == Mood.Reckless ? 0 : FloorMb)}}
          stall_minutes: {{(mood == Mood.Impatient ? 0.2 : 30)}}
          stop_seconds: {{(mood == Mood.Impatient ? 3 : 60)}}
        modules: ["{{Stages}}"]
        define:
          prepare:
            - { use: image.decode, with: { labels: { strict: true, classes: { stripes: [0], spots: [1], grain: [2] } } } }
            - { use: soak.hold, with: { marker: {{Marker}} }, flow: { parallelism: 1 } }
            - { use: superpixel.slic, with: { region_size: 8 } }
        flows:
          - name: train
            epochs: {{Epochs}}
            source: { use: shard.read, with: { path: "{{Data}}/*.tar", shuffle: true } }
            steps:
              - steps: prepare
              - { use: batch, with: { size: 8 } }
              - { use: collate }
              - { use: learn.inmars, with: { clusters: 3, network: { width: 8 } } }
            sinks: [{ use: write.metrics }]
          - name: predict
            source: { use: shard.read, with: { path: "{{Data}}/*.tar" } }
            steps:
              - steps: prepare
              - { use: batch, with: { size: 8 } }
              - { use: segment }
            sinks: [{ use: write.labels }, { use: write.overlay }]
          - name: evaluate
            source: { use: pairs.read, with: { labels: "{{Data}}/*.tar", partial: true } }
            steps: [{ use: pairs.decode }]
            sinks: [{ use: evaluate.hungarian, with: { classes: [stripes, spots, grain] } }]

        """);
}
