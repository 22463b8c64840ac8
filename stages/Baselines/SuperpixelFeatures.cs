using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using static TorchSharp.torch;

namespace InMARS.Stages.Baselines;

/// <summary>What a superpixel looks like, as numbers.</summary>
internal interface ISuperpixelFeatures
{
    /// <summary>Numbers a superpixel.</summary>
    int Dimensions { get; }

    /// <summary>What several of them are called, in a sentence.</summary>
    string Noun { get; }

    /// <returns><c>[Count, Dimensions]</c>, row major.</returns>
    Result<float[]> Of(SuperpixelMap map);
}

/// <summary>Mean Lab colour.</summary>
internal sealed class ColourFeatures : ISuperpixelFeatures
{
    public int Dimensions => 3;

    public string Noun => "colours";

    public Result<float[]> Of(SuperpixelMap map) => Result.Ok(RegionFeatures.MeanLab(map));
}

/// <summary>
/// The last layer of a network as it is drawn from the seed of the run, the very network a learner of that seed and shape
/// starts from. Owns the network; stays on the thread that opened it.
/// </summary>
internal sealed class UntrainedFeatures : ISuperpixelFeatures, IDisposable
{
    private readonly Segmenter _network;

    /// <exception cref="RunException">The device of the run is not there.</exception>
    public UntrainedFeatures(NetworkOptions options, RunSettings run)
    {
        TorchRuntime.SetThreads(run.Threads);
        _network = new Segmenter(options, 1, 0, unchecked((ulong)run.Seed), TorchRuntime.Device(run.Device));
    }

    public int Dimensions => _network.Options.Features;

    public string Noun => "vectors of an untrained network";

    /// <returns>Or <c>kmeans.bands</c>.</returns>
    public Result<float[]> Of(SuperpixelMap map)
    {
        if (map.Image.Bands != _network.Options.Bands)
        {
            return new Fault("kmeans.bands", $"expected images of {_network.Options.Bands} bands, as network.bands says, found {map.Image.Bands}");
        }

        return Collation.Collate([map]).Map(batch =>
        {
            using var owned = batch;
            return Features(batch);
        });
    }

    public void Dispose() => _network.Dispose();

    private float[] Features(ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        var pooling = SuperpixelPooling.Over(batch.Superpixels.to(_network.Device), batch.SuperpixelCount);
        var features = NetworkFeatures.Of(_network, batch.Pixels.to(_network.Device), pooling, Statistics.Running);
        return features.cpu().data<float>().ToArray();
    }
}
