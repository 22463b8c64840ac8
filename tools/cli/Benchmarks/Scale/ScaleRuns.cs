using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Stages.Synthesis;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>Runs the flows of a run file over synthetic scenes of one size: those that read shards, each with one epoch.</summary>
internal sealed class ScaleRuns(ScaleRequest request, string folder, Shell shell)
{
    private const string Source = "shard.read";

    private const int MostBatches = 500;
    private const int Trials = 2;

    private static readonly string _default =
        """
        run: { name: scale, device: cpu }
        flows:
          - name: train
            source: { use: shard.read, with: { path: scenes } }
            steps:
              - use: image.decode
              - use: superpixel.slic
              - { use: batch, with: { size: 4 } }
              - use: collate
              - use: learn.inmars
                with: { clusters: 5, warmup_steps: 0, ramp_steps: 0 }
            sinks: [use: write.metrics]
          - name: predict
            source: { use: shard.read, with: { path: scenes } }
            steps:
              - use: image.decode
              - use: superpixel.slic
                with: { cache: false }
              - { use: batch, with: { size: 4 } }
              - use: segment
            sinks: [use: write.labels]

        """;

    /// <summary>Images of each flow that keep it at work for about so long, by trials, which also warm up.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ImagesAsync((int Width, int Height) size, int threads, double seconds)
    {
        var few = Mine().ToDictionary(f => f.Name, f => request.Images ?? 2 * InBatch(f));
        var images = few;
        for (var trial = 0; trial < Trials; trial++)
        {
            var tried = await RunAsync(Plan(size, threads, images), oneAtATime: false);
            images = tried.ToDictionary(f => f.Summary.Flow, f => request.Images ?? few[f.Summary.Flow] * Math.Clamp((int)(f.Pace.PerSecond * seconds / few[f.Summary.Flow]), 1, MostBatches));
        }

        return images;
    }

    /// <summary>The flows, and what the run says of itself.</summary>
    /// <param name="images">Images of each flow.</param>
    /// <exception cref="RunException">The run file is wrong, or none of its flows reads shards.</exception>
    public RunPlan Plan((int Width, int Height) size, int threads, IReadOnlyDictionary<string, int> images)
    {
        var mine = Mine().Select(f => f.Name).ToList();
        var plan = Read([.. mine.SelectMany(name => new[] { $"flows.{name}.source.with.path={Yaml.Quote(Scenes(size, images[name]))}", $"flows.{name}.epochs=1" }), $"run.threads={threads}"]);
        return plan with { Flows = [.. plan.Flows.Where(f => mine.Contains(f.Name))] };
    }

    /// <summary>Runs all flows once, in a directory with a cache of its own.</summary>
    /// <returns>What each did.</returns>
    public async Task<IReadOnlyList<TimedFlow>> RunAsync(RunPlan plan, bool oneAtATime)
    {
        var place = Path.Combine(folder, "runs");
        var settings = plan.Settings with { Output = place, Name = "scale", Cache = Path.Combine(place, "cache") };
        var run = plan with { Settings = settings, Flows = [.. plan.Flows.Select(f => f with { OneAtATime = oneAtATime })] };
        var watch = new ProcessorWatch();
        var outcome = await Runner.RunAsync(run, new RunOptions(false, shell.Time, watch), shell.Settle(settings), shell.Interrupt);
        if (outcome.Error is { } error)
        {
            throw new RunException(error);
        }

        Directory.Delete(place, recursive: true);
        return watch.Flows;
    }

    /// <summary>The flows that read shards.</summary>
    private List<FlowPlan> Mine()
    {
        var mine = Read([]).Flows.Where(f => f.Graph.Source.Name == Source).ToList();
        return mine.Count > 0 ? mine : throw new RunException($"no flow of '{request.RunFile}' reads shards by {Source}; only such flows can be given images of another size");
    }

    /// <summary>Images of its largest batch.</summary>
    private static int InBatch(FlowPlan flow) => flow.Graph.Shapes.Aggregate(1, (images, stage) => images * stage.Gathers);

    private RunPlan Read(string[] overrides)
    {
        var read = request.RunFile is { } file
            ? Pipeline.Configuration.RunFile.Read(file, overrides, shell.BuiltIn)
            : Pipeline.Configuration.RunFile.Parse(_default, "bench scale", overrides, shell.BuiltIn);
        return read.Match(plan => plan, errors => throw new RunException(string.Join('\n', errors)));
    }

    private string Scenes((int Width, int Height) size, int images)
    {
        var scenes = Path.Combine(folder, $"scenes-{images}-{size.Width}x{size.Height}");
        if (!Directory.Exists(scenes))
        {
            SyntheticShards.Write(scenes, new SyntheticSet(images, 7, new SceneOptions(size.Width, size.Height)), stop: shell.Interrupt);
        }

        return scenes;
    }
}
