using InMARS.Stages.Evaluation;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Baselines;

/// <summary>Clusters of superpixels to clusters of pixels.</summary>
internal static class Painting
{
    /// <param name="clusterOf">Cluster of each superpixel, below <paramref name="clusters"/>.</param>
    public static Prediction Of(SuperpixelMap map, ushort[] clusterOf, int clusters)
    {
        var image = map.Image;
        return new Prediction(
            image.Origin, image.Height, image.Width, clusters, Array.ConvertAll(map.Labels, s => clusterOf[s]), image, image.Truth);
    }
}
