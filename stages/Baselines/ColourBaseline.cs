using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Baselines;

/// <summary>What the colour baseline is made with.</summary>
/// <param name="Sample">Superpixels that the centres are fitted to, at most; a fair sample of all.</param>
public sealed record ColourBaselineOptions(KMeansOptions Search, int Sample = 200_000);

/// <summary>
/// k-means on the mean Lab colour of superpixels, weighted by area: what anything that learns has to beat. It looks at the
/// images twice: in epoch 0 it gathers, in epoch 1 it assigns.
/// </summary>
public static class ColourBaseline
{
    private const int Dimensions = 3;

    /// <summary>Passes over the source that it needs.</summary>
    public const int Epochs = 2;

    public static Stage<SuperpixelMap, Prediction> Stage(string name, FlowOptions flow, ColourBaselineOptions options) =>
        Pipeline.Stages.Stage.Fold<State, SuperpixelMap, Prediction>(name, flow, context => new State(options, context), Step, _ => []);

    internal static Result<IReadOnlyList<Prediction>> Step(State state, SuperpixelMap map, ItemContext item)
    {
        if (item.Epoch == 0)
        {
            state.Gather(map);
            return Result.Ok<IReadOnlyList<Prediction>>([]);
        }

        return Result.Ok<IReadOnlyList<Prediction>>([Assigned(map, state.Centres)]);
    }

    private static Prediction Assigned(SuperpixelMap map, Centres centres)
    {
        var colours = RegionFeatures.MeanLab(map);
        var clusterOf = new ushort[map.Count];
        for (var s = 0; s < map.Count; s++)
        {
            clusterOf[s] = (ushort)centres.Nearest(colours.AsSpan(s * Dimensions, Dimensions));
        }

        var image = map.Image;
        return new Prediction(
            image.Origin, image.Height, image.Width, centres.Count, Array.ConvertAll(map.Labels, s => clusterOf[s]), image, image.Truth);
    }

    private static int[] Areas(SuperpixelMap map)
    {
        var areas = new int[map.Count];
        foreach (var label in map.Labels)
        {
            areas[label]++;
        }

        return areas;
    }

    /// <summary>The sample, and the centres once the first of epoch 1 asks for them.</summary>
    internal sealed class State(ColourBaselineOptions options, IStageContext context)
    {
        private readonly Reservoir _sample = new(options.Sample, Dimensions, (int)context.Run.Seed);
        private Centres? _centres;

        public Centres Centres => _centres ??= Fit();

        public void Gather(SuperpixelMap map)
        {
            var colours = RegionFeatures.MeanLab(map);
            var areas = Areas(map);
            for (var s = 0; s < map.Count; s++)
            {
                _sample.Add(colours.AsSpan(s * Dimensions, Dimensions), areas[s]);
            }
        }

        private Centres Fit()
        {
            if (_sample.Seen == 0)
            {
                throw new RunException("k-means has no superpixels to fit: every image of its first epoch was rejected");
            }

            context.Log("kmeans", $"k-means: {options.Search.Clusters} colours fitted to {_sample.Points.Count:N0} of {_sample.Seen:N0} superpixels.");
            return KMeans.Fit(_sample.Points, options.Search, (int)context.Run.Seed);
        }
    }
}
