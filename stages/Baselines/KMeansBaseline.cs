using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Baselines;

/// <summary>What superpixels are clustered by.</summary>
public enum BaselineFeatures
{
    /// <summary>Mean Lab colour.</summary>
    Colour,

    /// <summary>The last layer of a network that has learned nothing.</summary>
    Network,
}

/// <summary>What the k-means baseline is made with.</summary>
/// <param name="Sample">Superpixels that the centres are fitted to, at most, a fair sample of all; none for <see cref="Most"/>.</param>
public sealed record KMeansBaselineOptions(KMeansOptions Search, int? Sample = null, BaselineFeatures Features = BaselineFeatures.Colour)
{
    private const int MostColours = 200_000;
    private const int MostVectors = 20_000;

    /// <summary>Shape of the network, where features are those of one.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Superpixels that the centres are fitted to, at most: 200,000 colours, or 20,000 of the longer network features.</summary>
    public int Most => Sample ?? (Features == BaselineFeatures.Colour ? MostColours : MostVectors);
}

/// <summary>
/// k-means on superpixels, weighted by area: what anything that learns has to beat. It looks at the images twice: in
/// epoch 0 it gathers, in epoch 1 it assigns.
/// </summary>
public static class KMeansBaseline
{
    /// <summary>Passes over the source that it needs.</summary>
    public const int Epochs = 2;

    public static Stage<SuperpixelMap, Prediction> Stage(string name, FlowOptions flow, KMeansBaselineOptions options) =>
        Pipeline.Stages.Stage.Fold<State, SuperpixelMap, Prediction>(name, flow, context => new State(options, context), Step, _ => []) with { Borrows = true, Foresee = outlook => outlook };

    internal static Result<IReadOnlyList<Prediction>> Step(State state, SuperpixelMap map, ItemContext item) =>
        state.Features.Of(map).Map(IReadOnlyList<Prediction> (features) =>
        {
            if (item.Epoch > 0)
            {
                return [Assigned(map, features, state.Centres)];
            }

            state.Gather(features, Areas(map));
            return [];
        });

    private static Prediction Assigned(SuperpixelMap map, float[] features, Centres centres)
    {
        var clusterOf = new ushort[map.Count];
        for (var s = 0; s < map.Count; s++)
        {
            clusterOf[s] = (ushort)centres.Nearest(features.AsSpan(s * centres.Dimensions, centres.Dimensions));
        }

        return Painting.Of(map, clusterOf, centres.Count);
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
    internal sealed class State : IResumable, IDisposable
    {
        private readonly KMeansBaselineOptions _options;
        private readonly IStageContext _context;
        private readonly Reservoir _sample;
        private Centres? _centres;

        public State(KMeansBaselineOptions options, IStageContext context)
        {
            (_options, _context) = (options, context);
            Features = options.Features == BaselineFeatures.Colour ? new ColourFeatures() : new UntrainedFeatures(options.Network, context.Run);
            _sample = new Reservoir(options.Most, Features.Dimensions, (int)context.Run.Seed);
        }

        public ISuperpixelFeatures Features { get; }

        public Centres Centres => _centres ??= Fit();

        public void Gather(float[] features, int[] areas)
        {
            for (var s = 0; s < areas.Length; s++)
            {
                _sample.Add(features.AsSpan(s * Features.Dimensions, Features.Dimensions), areas[s]);
            }
        }

        public void Carry(StateArchive state)
        {
            _centres = state.Value("centres", _centres);
            _sample.Carry(state.Within("sample"));
        }

        public void Dispose() => (Features as IDisposable)?.Dispose();

        private Centres Fit()
        {
            if (_sample.Seen == 0)
            {
                throw new RunException("k-means has no superpixels to fit: every image of its first epoch was rejected");
            }

            _context.Log("kmeans", $"k-means: {_options.Search.Clusters} {Features.Noun} fitted to {_sample.Points.Count:N0} of {_sample.Seen:N0} superpixels.");
            return KMeans.Fit(_sample.Points, _options.Search, (int)_context.Run.Seed);
        }
    }
}
