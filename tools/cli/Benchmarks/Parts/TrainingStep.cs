using InMARS.Cli.Benchmarks.Running;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>
/// What a step of <c>learn.inmars</c> takes beside its floor: the passes through the network that its terms cannot do without.
/// Found are also the parts: what each perturbation adds, and what moving the weights takes.
/// </summary>
internal static class TrainingStep
{
    private const int Clusters = 5;
    private const double Target = 1.10;
    private static readonly TrainingOptions _training = TrainingOptions.Recipe with { Clusters = Clusters, Overclustering = new OverclusteringOptions(4 * Clusters) };
    private static readonly InmarsOptions _recipe = InmarsOptions.Recipe with { WarmupSteps = 0, RampSteps = 0 };

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        TorchRuntime.SetThreads(0);
        var (images, width, height) = bench.Pick((8, 128, 96), (2, 32, 24));
        using var network = new Segmenter(_training.Network, Clusters, _training.Overclustering.Clusters, 7, CPU, heads: _recipe.Heads);
        using var batch = Batch(images, width, height);
        using var optimiser = optim.Adam(network.Parameters, _training.LearningRate);
        var passes = new BarePasses(network, batch.Pixels);
        var terms = Terms();
        var times = await bench.Rounds(10).TimeAsync(
            bench.Stop, [passes.Forward, passes.ToWeights, passes.ToPixels, .. terms.Select(t => Step(network, batch, t.Options)), () => optimiser.step()]);
        return new Measured(
            $"batches of {images} scenes of {width} x {height}, seeds from 0, region size 8; recipe: its strided network, {Clusters} clusters, {_recipe.Heads} heads, {4 * Clusters} over-clusters; plain: see tools/bench/README.md; all rows in turn",
            [.. Figures(terms, [.. times.Select(t => t.Wall)]), .. await PlainRatio.MeasureAsync(bench, batch)]);
    }

    /// <summary>Two steps: swaps are counted at every second one.</summary>
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

    private static IEnumerable<Figure> Figures(IReadOnlyList<Term> terms, IReadOnlyList<Times> times)
    {
        var (there, weights, pixels) = (times[0], times[1], times[2]);
        yield return Figure.Time("a pass: there", there);
        yield return Figure.Time("a pass: there and back to the weights", weights);
        yield return Figure.Time("a pass: there and back to the pixels", pixels);
        foreach (var (term, two) in terms.Zip(times.Skip(3)))
        {
            yield return Figure.Time(term.Name, two / 2);
            yield return Figure.Ratio($"{term.Name} / its passes", two / 2, (term.There * there) + (term.Weights * weights) + (term.Pixels * pixels)) with { Target = Target };
        }

        yield return Figure.Time("moving the weights", times[^1]);
    }

    private static ImageBatch Batch(int images, int width, int height)
    {
        var maps = Enumerable.Range(0, images)
            .Select(n => Slic.Cut(BenchImages.Scene((ulong)n, width, height), new SlicOptions(RegionSize: 8)).Match(map => map, fault => throw new RunException(fault.Message)));
        return Collation.Collate([.. maps]).Match(batch => batch, fault => throw new RunException(fault.Message));
    }

    private static IReadOnlyList<Term> Terms()
    {
        var (still, unseen) = (_recipe.Spatial with { Weight = 0 }, _recipe.Photometric with { Weight = 0 });
        return
        [
            new("information", _recipe with { Spatial = still, Photometric = unseen, Merging = MergeRule.None }, 0, 1, 0),
            new("information and noise", _recipe with { Spatial = still, Merging = MergeRule.None }, 0, 2, 1),
            new("information and motion", _recipe with { Photometric = unseen, Merging = MergeRule.None }, 0, 2, 1),
            new("information, noise and motion, a term for each", _recipe with { Perturbations = PerturbationMix.Sum, Merging = MergeRule.None }, 0, 3, 2),
            new("recipe: both composed, swaps counted at every second step", _recipe, 0.5, 2, 1),
        ];
    }

    /// <summary>An objective, and how many passes of each kind a step of it needs.</summary>
    private sealed record Term(string Name, InmarsOptions Options, double There, double Weights, double Pixels);
}
