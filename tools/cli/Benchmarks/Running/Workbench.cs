using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Stages;
using InMARS.Stages.Synthesis;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>What a part works with: a folder that is thrown away, sizes, images, and whole runs.</summary>
/// <param name="folder">There, and empty.</param>
internal sealed class Workbench(BenchRequest request, Shell shell, string folder)
{
    private const ulong Seed = 7;
    private int _runs;

    public BenchRequest Request => request;

    public CancellationToken Stop => shell.Interrupt;

    /// <summary>One of two sizes.</summary>
    /// <param name="quick">Where it is only to be seen that everything works.</param>
    public T Pick<T>(T full, T quick) => request.Quick ? quick : full;

    public Rounds Rounds(int full, int warmUps = 1) => request.Quick ? new Rounds(1, 0) : new Rounds(request.Rounds ?? full, warmUps);

    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>A folder of shards of synthetic scenes; the same arguments give the same bytes.</summary>
    public string Shards(int count, int width, int height)
    {
        var path = PathOf($"scenes-{count}-{width}x{height}");
        SyntheticShards.Write(path, new SyntheticSet(count, Seed, new SceneOptions(width, height)), stop: Stop);
        return path;
    }

    /// <summary>A folder of synthetic scenes as JPEG; the same arguments give the same bytes.</summary>
    public string Scenes(int count, int width, int height)
    {
        var path = PathOf($"jpeg-{count}-{width}x{height}");
        BenchImages.WriteScenes(path, count, (width, height), Seed, Stop);
        return path;
    }

    /// <summary>A folder of images: the first of the user's, or scenes of this size where there are none.</summary>
    /// <returns>The folder, and what is in it in words.</returns>
    public (string Folder, int Count, string Words) Photographs(int count, int width, int height)
    {
        if (request.Images is not { } images || request.Quick)
        {
            return (Scenes(count, width, height), count, $"{count} synthetic scenes of {width} x {height} as JPEG, seeds from {Seed}");
        }

        var copied = BenchImages.Copy(images, PathOf("photographs"), count);
        return (PathOf("photographs"), copied, $"the first {copied} images of '{images}'");
    }

    /// <summary>A run of these flows to its end, in a directory of its own.</summary>
    /// <param name="flows">YAML: the list below <c>flows:</c>.</param>
    /// <param name="settings">YAML: further keys of <c>run:</c>.</param>
    /// <returns>What each flow did.</returns>
    /// <exception cref="RunException">It did not come to its end, or refused an item.</exception>
    public async Task<IReadOnlyList<FlowSummary>> RunAsync(string flows, string settings = "threads: 0", IRunObserver? observer = null)
    {
        var text = $"run: {{ name: run-{++_runs}, output: {Yaml.Quote(folder)}, cache: {Yaml.Quote(PathOf($"cache-{_runs}"))}, seed: {Seed}, {settings} }}\nflows:\n{flows}\n";
        var plan = RunFile.Parse(text, "bench", [], [new StandardStages(), new BenchStages()]).Match(p => p, errors => throw new InvalidOperationException(string.Join('\n', errors)));
        var outcome = await Runner.RunAsync(plan, new RunOptions(true, shell.Time, observer), shell.Settle(plan.Settings), Stop);
        Stop.ThrowIfCancellationRequested();
        return outcome.End == RunEnd.Clean ? outcome.Flows : throw new RunException(outcome.Error ?? $"the flows of a bench refused {outcome.Rejected} images");
    }

    /// <summary>Where the cache of the last run lies.</summary>
    public string CacheOfLastRun => PathOf($"cache-{_runs}");
}
