using InMARS.Pipeline.Stages;
using InMARS.Stages.Baselines;
using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Rivals;

/// <summary>Superpixels to find pseudo labels from.</summary>
/// <param name="Features"><c>[S, F]</c>, finite; borrowed.</param>
/// <param name="Areas">Pixels of each superpixel.</param>
/// <param name="Before">Cluster that each was trained towards so far; negative where it was not.</param>
internal sealed record LabelSample(Tensor Features, float[] Areas, int[] Before);

/// <summary>Clusters of features, to be learned as if they were classes. Owns its tensors.</summary>
/// <param name="Centres"><c>[K, D]</c>, in whitened space.</param>
/// <param name="Weights"><c>[K]</c>: what a superpixel of each cluster counts, so that all clusters count alike.</param>
/// <param name="Kept">Share of the area that kept its cluster when these were found; 0 where there were none before.</param>
internal sealed record PseudoLabels(Whitening Space, Tensor Centres, Tensor Weights, double Kept) : IDisposable
{
    // A cluster of hardly any area counts as one of a tenth of its even share.
    private const double LeastShare = 0.1;

    /// <summary>Fits k-means, and numbers its clusters as those before.</summary>
    public static PseudoLabels Fit(LabelSample sample, DeepClusterOptions options, int clusters, int seed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var space = Whitening.Of(sample.Features, options.Dimensions);
        var points = space.Apply(sample.Features);
        var found = KMeans.Fit(Draw(points, sample.Areas, options.Sample, seed), options.Search(clusters), seed);
        var centres = tensor(found.Values).view(clusters, -1).to(points.device);
        var now = Numbers(Nearest(points, centres));
        var number = ClusterMatching.Numbers(sample.Before, now, sample.Areas, clusters);
        var renumbered = Array.ConvertAll(now, cluster => number[cluster]);
        var order = tensor(Enumerable.Range(0, clusters).Select(k => (long)Array.IndexOf(number, k)).ToArray()).to(points.device);
        return new PseudoLabels(
            space,
            centres.index_select(0, order).DetachFromDisposeScope(),
            tensor(Evening(renumbered, sample.Areas, clusters)).to(points.device).DetachFromDisposeScope(),
            ClusterMatching.Kept(sample.Before, renumbered, sample.Areas));
    }

    /// <summary>The cluster of each superpixel.</summary>
    /// <param name="features"><c>[S, F]</c>; borrowed.</param>
    /// <returns><c>[S]</c>, int64.</returns>
    public Tensor Of(Tensor features) => Nearest(Space.Apply(features), Centres);

    /// <param name="now">What to save; while loading, what stood in its place.</param>
    /// <returns>The labels that hold afterwards.</returns>
    public static PseudoLabels Carry(StateArchive state, PseudoLabels? now, Device device)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (mean, projection) = (Matrix("mean", now?.Space.Mean), Matrix("projection", now?.Space.Projection));
        var (centres, weights) = (Matrix("centres", now?.Centres), Matrix("weights", now?.Weights));
        var kept = state.Value("kept", now?.Kept ?? 0);
        return state.Loading ? new PseudoLabels(new Whitening(mean, projection), centres, weights, kept) : now!;

        Tensor Matrix(string name, Tensor? value)
        {
            var shape = state.Value($"{name}-shape", value?.shape ?? []);
            var tensor = state.Loading ? zeros(shape, device: device).DetachFromDisposeScope() : value!;
            state.Tensor(name, tensor);
            return tensor;
        }
    }

    public void Dispose()
    {
        Space.Dispose();
        Centres.Dispose();
        Weights.Dispose();
    }

    internal static int[] Numbers(Tensor clusters) => clusters.to(ScalarType.Int32).cpu().data<int>().ToArray();

    /// <summary>Weights that go with the inverse of a cluster's area, 1 where all are even.</summary>
    internal static float[] Evening(int[] clusterOf, float[] areas, int clusters)
    {
        var shares = new double[clusters];
        var all = Math.Max(areas.Sum(a => (double)a), 1);
        for (var i = 0; i < clusterOf.Length; i++)
        {
            shares[clusterOf[i]] += areas[i] / all;
        }

        return Array.ConvertAll(shares, share => (float)(1 / Math.Max(share * clusters, LeastShare)));
    }

    // |p - c|² without |p|², which is the same for all centres.
    private static Tensor Nearest(Tensor points, Tensor centres) =>
        (centres.square().sum([1L]) - (points.matmul(centres.transpose(0, 1)) * 2)).argmin(1);

    private static WeightedPoints Draw(Tensor points, float[] areas, int most, int seed)
    {
        var dimensions = (int)points.shape[1];
        var values = points.cpu().data<float>().ToArray();
        var sample = new Reservoir(most, dimensions, seed);
        for (var i = 0; i < areas.Length; i++)
        {
            sample.Add(values.AsSpan(i * dimensions, dimensions), areas[i]);
        }

        return sample.Points;
    }
}
