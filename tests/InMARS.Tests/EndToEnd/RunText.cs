using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>Run files over the shards in <c>data</c> of a folder; the run lies in <c>runs/bad</c> of it.</summary>
internal static class RunText
{
    private const string Prepare =
        """
        define:
          prepare:
            - { use: image.decode, with: { labels: { strict: true, classes: { left: [0], right: [1] } } } }
            - { use: superpixel.slic, with: { region_size: 8, cache: false } }
        """;

    /// <summary>Predicts with a model.</summary>
    public static string Predict(TemporaryFolder folder, string model) =>
        $$"""
        run: { name: bad, threads: 1, output: "{{folder["runs"]}}" }
        {{Prepare}}
        flows:
          - name: predict
            source: { use: shard.read, with: { path: "{{folder["data"]}}/*.tar" } }
            steps:
              - steps: prepare
              - { use: batch, with: { size: 2 } }
              - { use: segment, with: { model: "{{model}}" } }
            sinks: [{ use: write.labels, with: { open_shards: 1 } }]
        """;

    /// <summary>Predicts with a model, and scores against the label maps in <c>truth</c>.</summary>
    public static string Score(TemporaryFolder folder, string model) =>
        $$"""
        {{Predict(folder, model)}}
          - name: evaluate
            source: { use: pairs.read, with: { labels: "{{folder["truth"]}}/*.tar" } }
            steps: [{ use: pairs.decode }]
            sinks: [{ use: evaluate.hungarian }]
        """;

    /// <summary>Trains, predicts and scores.</summary>
    /// <param name="learner">Name of the stage that trains.</param>
    public static string Train(TemporaryFolder folder, string learner = "learn.inmars") =>
        $$"""
        run: { name: bad, threads: 1, output: "{{folder["runs"]}}" }
        {{Prepare}}
        flows:
          - name: train
            source: { use: shard.read, with: { path: "{{folder["data"]}}/*.tar" } }
            steps:
              - steps: prepare
              - { use: batch, with: { size: 3 } }
              - { use: collate }
              - { use: {{learner}}, with: { clusters: 2, network: { width: 4 } } }
            sinks: [{ use: write.metrics }]
          - name: predict
            source: { use: shard.read, with: { path: "{{folder["data"]}}/*.tar" } }
            steps:
              - steps: prepare
              - { use: batch }
              - { use: segment }
            sinks: [{ use: write.labels }]
          - name: evaluate
            source: { use: pairs.read, with: { labels: "{{folder["data"]}}/*.tar" } }
            steps: [{ use: pairs.decode }]
            sinks: [{ use: evaluate.hungarian }]
        """;

    /// <summary>Scores a baseline.</summary>
    /// <param name="epochs">Passes it needs.</param>
    public static string Baseline(TemporaryFolder folder, string baseline, int epochs) =>
        $$"""
        run: { name: bad, threads: 1, output: "{{folder["runs"]}}" }
        {{Prepare}}
        flows:
          - name: baseline
            epochs: {{epochs}}
            source: { use: shard.read, with: { path: "{{folder["data"]}}/*.tar" } }
            steps:
              - steps: prepare
              - { use: {{baseline}} }
            sinks: [{ use: evaluate.hungarian }]
        """;
}
