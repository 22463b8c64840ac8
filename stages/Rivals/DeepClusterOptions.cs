using InMARS.Pipeline.Configuration;
using InMARS.Stages.Baselines;

namespace InMARS.Stages.Rivals;

/// <summary>What the objective of <c>learn.deepcluster</c> can be told.</summary>
/// <param name="ReassignSteps">Steps between two clusterings: what an epoch is in the paper.</param>
/// <param name="MemoryBatches">Latest batches whose superpixels are clustered.</param>
/// <param name="Dimensions">Principal components of the features that are clustered, at most.</param>
/// <param name="Sample">Superpixels that k-means fits to, at most; a fair sample of those in memory.</param>
/// <param name="Restarts">Searches of k-means from different starts.</param>
/// <param name="Iterations">Rounds of each search, at most.</param>
internal sealed record DeepClusterOptions(
    int ReassignSteps = 20, int MemoryBatches = 8, int Dimensions = 64, int Sample = 10_000, int Restarts = 1, int Iterations = 20)
{
    public ViewOptions View { get; init; } = new();

    public KMeansOptions Search(int clusters) => new(clusters, Restarts, Iterations);

    public static DeepClusterOptions Read(Fields f)
    {
        var d = new DeepClusterOptions();
        return new DeepClusterOptions(
            f.Get("reassign_steps", Decode.WholeNumber.Between(1, 1_000_000), d.ReassignSteps, "Steps between two clusterings; the paper clusters once an epoch."),
            f.Get("memory_batches", Decode.WholeNumber.Between(1, 1024), d.MemoryBatches, "Latest batches whose superpixels are clustered; kept in memory at 8 bits a value."),
            f.Get("dimensions", Decode.WholeNumber.Between(1, 4096), d.Dimensions, "Principal components of the features that are clustered, at most; the paper's authors take 256."),
            f.Get("sample", Decode.WholeNumber.Between(1, 10_000_000), d.Sample, "Superpixels that k-means fits to, at most; a fair sample of those in memory."),
            f.Get("restarts", Decode.WholeNumber.Between(1, 100), d.Restarts, "Searches of k-means from different starts; the best is kept."),
            f.Get("iterations", Decode.WholeNumber.Between(1, 10_000), d.Iterations, "Rounds of each search, at most."))
        {
            View = ViewOptions.Read(f),
        };
    }
}
