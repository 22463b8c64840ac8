using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Synthesis;

namespace InMARS.Tests.Support;

/// <summary>Synthetic scenes cut into square tiles, where a test needs superpixels and no SLIC.</summary>
public static class SyntheticTiles
{
    private const int Edge = 8;

    public static SuperpixelMap Cut(ulong seed)
    {
        var scene = SyntheticScenes.Make(seed, new SceneOptions());
        var truth = new LabelMap(scene.Height, scene.Width, Array.ConvertAll(scene.Classes, c => (ushort)c));
        var across = scene.Width / Edge;
        var labels = Enumerable.Range(0, scene.Classes.Length).Select(i => i / scene.Width / Edge * across + i % scene.Width / Edge).ToArray();
        return new SuperpixelMap(new RgbImage(default, scene.Height, scene.Width, 3, scene.Pixels, truth), labels, labels.Max() + 1);
    }
}
