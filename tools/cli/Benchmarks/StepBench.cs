using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Synthesis;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Cli.Benchmarks;

/// <summary>What <c>inmars bench step</c> measures.</summary>
/// <param name="Images">Images of 128 x 96 in a batch.</param>
/// <param name="Rounds">Rounds of everything in turn.</param>
internal sealed record StepBenchRequest(int Images, int Rounds);

/// <summary>
/// What a step of <c>learn.inmars</c> takes beside its floor: the passes through the network that its terms cannot do without.
/// Found are also the parts: what each perturbation adds, and what moving the weights takes.
/// </summary>
internal sealed class StepBench(StepBenchRequest request, Shell shell)
{
    private const int Clusters = 5;
    private static readonly SceneOptions _scene = new(128, 96);
    private static readonly TrainingOptions _training = TrainingOptions.Recipe with { Clusters = Clusters, Overclustering = new OverclusteringOptions(4 * Clusters) };
    private static readonly InmarsOptions _recipe = InmarsOptions.Recipe with { WarmupSteps = 0, RampSteps = 0 };

    public async Task RunAsync()
    {
        TorchRuntime.SetThreads(0);
        using var network = new Segmenter(_training.Network, Clusters, _training.Overclustering.Clusters, 7, CPU, heads: _recipe.Heads);
        using var batch = Batch();
        using var optimiser = optim.Adam(network.Parameters, _training.LearningRate);
        var passes = new BarePasses(network, batch.Pixels);
        var bare = new List<Work> { new("there", passes.Forward), new("there and back to the weights", passes.ToWeights), new("there and back to the pixels", passes.ToPixels) };
        var terms = Terms().Select(t => new Work(t.Name, Step(network, batch, t.Options))).ToList();
        List<Work> works = [.. bare, .. terms, new("moving the weights", () => optimiser.step())];
        Print(works, await InterleavedRounds.OfAsync(request.Rounds, 1, [.. works.Select(w => AsTask(w.Run))], shell.Interrupt));
    }

    /// <summary>The objectives, and what of each pass they need.</summary>
    private static IReadOnlyList<(string Name, InmarsOptions Options, double There, double Weights, double Pixels)> Terms()
    {
        var (still, unseen) = (_recipe.Spatial with { Weight = 0 }, _recipe.Photometric with { Weight = 0 });
        return
        [
            ("information", _recipe with { Spatial = still, Photometric = unseen, Merging = MergeRule.None }, 0, 1, 0),
            ("information and noise", _recipe with { Spatial = still, Merging = MergeRule.None }, 0, 2, 1),
            ("information and motion", _recipe with { Photometric = unseen, Merging = MergeRule.None }, 0, 2, 1),
            ("information, noise and motion, a term for each", _recipe with { Perturbations = PerturbationMix.Sum, Merging = MergeRule.None }, 0, 3, 2),
            ("the recipe: both composed, and swaps counted at every second step", _recipe, 0.5, 2, 1),
        ];
    }

    private static Action Step(Segmenter network, ImageBatch batch, InmarsOptions options)
    {
        var random = new Generator(7, CPU);
        var objective = new InmarsObjective(network, new LearnerOptions(_training, options), random);
        var step = 0L;
        return () =>
        {
            using var scope = NewDisposeScope();
            using var moments = new BatchMoments();
            network.Parameters.ToList().ForEach(p => p.grad?.zero_());
            for (var twice = 0; twice < 2; twice++)
            {
                _ = objective.Add(batch, new StepMoment(++step, 0, (ulong)step, 0.5), moments);
            }
        };
    }

    private ImageBatch Batch()
    {
        var maps = Enumerable.Range(0, request.Images).Select(n =>
        {
            var image = new RgbImage(new Pipeline.Stages.Origin("bench", $"{n}"), _scene.Height, _scene.Width, 3, SyntheticScenes.Make((ulong)n, _scene).Pixels);
            return Slic.Cut(image, new SlicOptions(RegionSize: 8)).Match(map => map, fault => throw new RunException(fault.Message));
        });
        return Collation.Collate([.. maps]).Match(b => b, fault => throw new RunException(fault.Message));
    }

    private static Func<Task> AsTask(Action run) => () =>
    {
        run();
        return Task.CompletedTask;
    };

    private void Print(List<Work> works, IReadOnlyList<IReadOnlyList<ImageTimes>> times)
    {
        var (there, weights, pixels) = (Of(times[0]), Of(times[1]), Of(times[2]));
        shell.Out.WriteLine($"the recipe's network, batches of {request.Images} images of {_scene.Width} x {_scene.Height}, {Environment.ProcessorCount} cores; {request.Rounds} rounds, all rows in turn; minimum / median\n");
        shell.Out.WriteLine("| work | ms | its passes, ms | ratio |\n|---|---|---|---|");
        for (var i = 0; i < 3; i++)
        {
            shell.Out.WriteLine(FormattableString.Invariant($"| a pass: {works[i].Name} | {Of(times[i]).Minimum:0.0} / {Of(times[i]).Median:0.0} | | |"));
        }

        foreach (var (term, t) in Terms().Zip(times.Skip(3)))
        {
            var step = (Minimum: Of(t).Minimum / 2, Median: Of(t).Median / 2);
            var floor = (Minimum: Floor(d => d.Minimum), Median: Floor(d => d.Median));
            shell.Out.WriteLine(FormattableString.Invariant(
                $"| {term.Name} | {step.Minimum:0.0} / {step.Median:0.0} | {floor.Minimum:0.0} / {floor.Median:0.0} | {step.Minimum / floor.Minimum:0.00} / {step.Median / floor.Median:0.00} |"));

            double Floor(Func<(double Minimum, double Median), double> of) => (term.There * of(there)) + (term.Weights * of(weights)) + (term.Pixels * of(pixels));
        }

        shell.Out.WriteLine(FormattableString.Invariant($"| {works[^1].Name} | {Of(times[^1]).Minimum:0.0} / {Of(times[^1]).Median:0.0} | | |"));
    }

    private static (double Minimum, double Median) Of(IReadOnlyList<ImageTimes> times) => (times.Min(t => t.Wall), times.Select(t => t.Wall).Order().ElementAt(times.Count / 2));

    private sealed record Work(string Name, Action Run);
}
