using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Stages.Learning;

namespace InMARS.Stages.Baselines;

/// <summary>The entries of this folder.</summary>
public static class BaselinesEntries
{
    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Stage(
            "baseline.kmeans",
            "Clusters superpixels by mean colour, or by what an untrained network makes of them, with k-means: the baseline to put beside any run. Its flow needs `epochs: 2`.",
            "Emits one prediction for each item of the second epoch and nothing in the first. Holds back a bounded sample of features. Fails with kmeans.bands where a network takes another number of bands.",
            (f, step) =>
            {
                var options = Read(f);
                if (step.Epochs != KMeansBaseline.Epochs)
                {
                    f.Refuse("clusters", $"k-means gathers in one epoch and assigns in the next: expected `epochs: 2` in this flow, found {step.Epochs}");
                }

                return KMeansBaseline.Stage("baseline.kmeans", step.Flow, options);
            }),
        StageEntry.Stage(
            "baseline.random",
            "Gives each superpixel a cluster by chance, all clusters alike and drawn from the item's seed: the floor of any table.",
            "Emits one prediction for each item. Holds nothing back. Fails nothing.",
            (f, step) => RandomBaseline.Stage("baseline.random", step.Flow, f.Require("clusters", Clusters, "Number of clusters."))),
    ];

    private static Decoder<int> Clusters { get; } = Decode.WholeNumber.Between(1, 4096);

    private static KMeansBaselineOptions Read(Fields f)
    {
        var clusters = f.Require("clusters", Clusters, "Number of clusters.");
        var restarts = f.Get("restarts", Decode.WholeNumber.Between(1, 100), 4, "Searches from different starts; the best is kept.");
        var iterations = f.Get("iterations", Decode.WholeNumber.Between(1, 10_000), 50, "Rounds of each search, at most.");
        var sample = f.Get("sample", Decode.WholeNumber.Between(1, 10_000_000).Or("auto"), null, "Superpixels to fit to, at most; a fair sample of all. auto means 200000 for colour and 20000 for network.");
        var features = f.Get("features", Decode.OneOf(("colour", BaselineFeatures.Colour), ("network", BaselineFeatures.Network)), BaselineFeatures.Colour, "Mean colour of each superpixel, or the mean of an untrained network's last layer: the network a learner of the same seed and shape starts from.");
        _ = f.Get("space", Decode.OneOf(("lab", "lab")), "lab", "Colour space of the means.");
        return new KMeansBaselineOptions(new KMeansOptions(clusters, restarts, iterations), sample, features)
        {
            Network = f.Group("network", g => TrainingOptions.ReadNetwork(g, new NetworkOptions()), "Shape of the network, where features are those of one."),
        };
    }
}
