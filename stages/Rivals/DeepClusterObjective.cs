using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Baselines;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Rivals;

/// <summary>
/// DeepCluster on superpixels: k-means of the network's own features gives pseudo labels, and the head that segments
/// learns them as if they were classes, until the next clustering. Owns a copy of the network as it was when it last
/// clustered, which tells the labels of every batch until then, as labels hold for an epoch in the paper.
/// </summary>
/// <remarks>
/// Caron et al., "Deep clustering for unsupervised learning of visual features", ECCV 2018, and its authors' code. As
/// there: features are whitened by their principal components and brought to length 1, k-means makes 20 rounds, labels
/// hold until the next clustering, and every cluster counts alike (they sample by cluster, here the loss is weighted).
/// Differences:
/// <list type="bullet">
/// <item>Superpixels instead of images, so features are means over superpixels.</item>
/// <item>A clustering every <see cref="DeepClusterOptions.ReassignSteps"/> steps and of the latest batches, instead of one
/// an epoch and of the whole set: a flow streams once an epoch and keeps no images.</item>
/// <item>K is the number of clusters wanted and the head itself predicts; they over-cluster (10,000) and throw the head
/// away. So new clusters take the numbers of the old ones by an optimal assignment and the head stays; they draw a new
/// head each time.</item>
/// <item>Features from behind the last rectifier with the statistics of their batch; they take them in front of it,
/// with the running statistics.</item>
/// <item>A k-means centre that loses its points stays where it is.</item>
/// <item>Mirroring and colour jitter instead of mirroring and crops; optimiser, network and budget of this product.</item>
/// </list>
/// </remarks>
internal sealed class DeepClusterObjective(Segmenter network, DeepClusterOptions options, Generator random, IStageContext context) : IObjective, IDisposable
{
    private readonly Segmenter _labeller = new(network.Options, network.Clusters, 0, 0, network.Device);
    private readonly RecentBatches _recent = new(options.MemoryBatches);
    private PseudoLabels? _labels;
    private long _found;

    object IObjective.Options => options;

    /// <remarks>The clean answers of the result are those for the mirrored and jittered images, turned back.</remarks>
    public Views Add(ImageBatch batch, StepMoment moment, BatchMoments moments)
    {
        var images = batch.Pixels.to(network.Device);
        var pooling = SuperpixelPooling.Over(batch.Superpixels.to(network.Device), batch.SuperpixelCount);
        var kept = _recent.Add(batch);
        _labeller.Upright = network.Upright;
        var labels = Labels(moment).Of(NetworkFeatures.Of(_labeller, images, pooling, Statistics.Batch));
        kept.Clusters = PseudoLabels.Numbers(labels);
        var view = SecondView.Of(images, options.View, random);
        var scores = pooling.Score(view.Back(network.Train(view.Images, moments, network.Lift(images, random))));
        var loss = CrossEntropy(scores, labels, _labels!.Weights);
        loss.backward();
        return new Views(loss.detach(), scores.Fixed());
    }

    /// <remarks>Labels that were found hold for the whole step, so they stay; found again they would be the same.</remarks>
    public Action Mark()
    {
        var newest = _recent.Newest;
        return () => _recent.ForgetAfter(newest);
    }

    public void Carry(StateArchive state)
    {
        _found = state.Value("found", _found);
        state.Within("labeller").Tensors(_labeller.State);
        _recent.Carry(state.Within("recent"));
        if (state.Value("labelled", _labels is not null))
        {
            var before = _labels;
            _labels = PseudoLabels.Carry(state.Within("labels"), before, network.Device);
            if (!ReferenceEquals(before, _labels))
            {
                before?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _labels?.Dispose();
        _recent.Dispose();
        _labeller.Dispose();
    }

    /// <summary>Mean of -ln p(label), weighted by area and by cluster.</summary>
    /// <param name="labels"><c>[S]</c>, int64.</param>
    /// <param name="clusterWeights"><c>[K]</c>.</param>
    internal static Tensor CrossEntropy(SuperpixelScores scores, Tensor labels, Tensor clusterWeights)
    {
        var weights = scores.Weights * clusterWeights.index_select(0, labels);
        return -scores.LogProbabilities.gather(0, labels.unsqueeze(0)).squeeze(0).dot(weights) / weights.sum();
    }

    private PseudoLabels Labels(StepMoment moment)
    {
        // A step may be made of several batches, which all have its number.
        if (_labels is not null && (moment.Step == _found || (moment.Step - 1) % options.ReassignSteps != 0))
        {
            return _labels;
        }

        CopyNetwork();
        var found = Cluster(unchecked((int)moment.Seed));
        _labels?.Dispose();
        (_labels, _found) = (found, moment.Step);
        context.Show("kept", found.Kept);
        context.Log("pseudo_labels", null, new JsonObject { ["step"] = moment.Step, ["superpixels"] = _recent.All.Sum(b => b.Count), ["kept"] = found.Kept });
        return found;
    }

    private PseudoLabels Cluster(int seed)
    {
        using var scope = NewDisposeScope();
        var parts = _recent.All.Select(Part).ToList();
        // What is not finite would spread from one batch to all centres.
        var features = cat([.. parts.Select(p => p.Features)]).nan_to_num(0, 0, 0);
        var sample = new LabelSample(features, [.. parts.SelectMany(p => p.Areas)], [.. parts.SelectMany(p => p.Before)]);
        return PseudoLabels.Fit(sample, options, network.Clusters, seed);
    }

    private LabelSample Part(RecentBatch batch)
    {
        using var scope = NewDisposeScope();
        var pooling = batch.Pooling(network.Device);
        var features = NetworkFeatures.Of(_labeller, batch.Images(network.Device), pooling, Statistics.Batch);
        return new LabelSample(features.MoveToOuterDisposeScope(), pooling.Areas.cpu().data<float>().ToArray(), [.. batch.Clusters]);
    }

    private void CopyNetwork()
    {
        using var _ = no_grad();
        var source = network.State.ToDictionary(s => s.Name, s => s.Value);
        foreach (var (name, value) in _labeller.State)
        {
            value.copy_(source[name]);
        }
    }
}
