using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Baselines;

/// <summary>Each superpixel gets a cluster by chance, all clusters alike: the floor of every table.</summary>
public static class RandomBaseline
{
    public static Stage<SuperpixelMap, Prediction> Stage(string name, FlowOptions flow, int clusters) =>
        Pipeline.Stages.Stage.Map<SuperpixelMap, Prediction>(name, flow, (map, item) => Result.Ok(Draw(map, clusters, item))) with { Borrows = true, Foresee = outlook => outlook };

    /// <summary>Draws from the seed of the item, so that neither order nor parallelism matters.</summary>
    public static Prediction Draw(SuperpixelMap map, int clusters, ItemContext item)
    {
        var random = ItemRandom.Of(item);
        return Painting.Of(map, [.. Enumerable.Range(0, map.Count).Select(_ => (ushort)random.Next(clusters))], clusters);
    }
}
