using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;

namespace InMARS.Stages.Baselines;

/// <summary>The entries of this folder.</summary>
public static class BaselinesEntries
{
    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Stage(
            "baseline.kmeans",
            "Clusters superpixels by mean colour with k-means: the baseline to put beside any run. Its flow needs `epochs: 2`.",
            "Emits one prediction for each item of the second epoch and nothing in the first. Holds back a bounded sample of colours. Fails nothing.",
            (f, step) =>
            {
                var options = Read(f);
                if (step.Epochs != ColourBaseline.Epochs)
                {
                    f.Refuse("clusters", $"k-means gathers in one epoch and assigns in the next: expected `epochs: 2` in this flow, found {step.Epochs}");
                }

                return ColourBaseline.Stage("baseline.kmeans", step.Flow, options);
            }),
    ];

    private static ColourBaselineOptions Read(Fields f)
    {
        var clusters = f.Require("clusters", Decode.WholeNumber.Between(1, 4096), "Number of clusters.");
        var restarts = f.Get("restarts", Decode.WholeNumber.Between(1, 100), 4, "Searches from different starts; the best is kept.");
        var iterations = f.Get("iterations", Decode.WholeNumber.Between(1, 10_000), 50, "Rounds of each search, at most.");
        var sample = f.Get("sample", Decode.WholeNumber.Between(1, 10_000_000), 200_000, "Superpixels to fit to, at most; a fair sample of all.");
        _ = f.Get("space", Decode.OneOf(("lab", "lab")), "lab", "Colour space of the means.");
        return new ColourBaselineOptions(new KMeansOptions(clusters, restarts, iterations), sample);
    }
}
