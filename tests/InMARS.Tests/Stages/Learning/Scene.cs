using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

/// <summary>Small problems with fixed seeds.</summary>
internal static class Scene
{
    public const int Clusters = 3;

    public static NetworkOptions SmallNetwork { get; } = new(Width: 4, Pools: 1, Depth: 1);

    public static Segmenter Network(ulong seed = 3, ScalarType type = ScalarType.Float64, int overclusters = 0) =>
        new(SmallNetwork, Clusters, overclusters, seed, CPU, type);

    /// <summary>A network whose answers differ, unlike those of a fresh one.</summary>
    public static Segmenter DecidedNetwork(ulong seed = 3, ScalarType type = ScalarType.Float64)
    {
        var network = Network(seed, type);
        using var _ = no_grad();
        network.State.Single(s => s.Name == "head.weight").Value.mul_(60);
        return network;
    }

    /// <summary>Smooth images, so that finite differences are far from noise: <c>[count, 3, side, side + 4]</c>.</summary>
    public static Tensor Images(int count = 2, int side = 16, ulong seed = 5, ScalarType type = ScalarType.Float64)
    {
        using var random = new Generator(seed, CPU);
        var coarse = rand([count, 3, 4, 5], dtype: type, generator: random);
        return nn.functional.interpolate(coarse, [side, side + 4], mode: InterpolationMode.Bilinear, align_corners: false);
    }

    /// <summary>Squares of 4x4 pixels, <c>[N, H, W]</c>, and how many there are.</summary>
    public static (Tensor Labels, int Count) Squares(Tensor images)
    {
        var (count, height, width) = (images.shape[0], images.shape[2], images.shape[3]);
        var (down, across) = (height / 4, width / 4);
        var labels =
            (arange(count, ScalarType.Int64).view(-1, 1, 1) * (down * across))
            + (arange(height, ScalarType.Int64).div(4, RoundingMode.floor).view(1, -1, 1) * across)
            + arange(width, ScalarType.Int64).div(4, RoundingMode.floor).view(1, 1, -1);
        return (labels.to(ScalarType.Int64), (int)(count * down * across));
    }

    public static SuperpixelPooling Pooling(Tensor images)
    {
        var (labels, count) = Squares(images);
        return SuperpixelPooling.Over(labels, count, images.dtype);
    }

    /// <summary>Random steps, each image's as long as those given, cut to what all warps allow.</summary>
    public static Tensor Random(Tensor like, Generator generator)
    {
        var drawn = randn(like.shape, dtype: like.dtype, generator: generator);
        return (drawn / drawn.norm(1, keepdim: true, p: 2) * like.norm(1, keepdim: true, p: 2)).clamp(-1, 1);
    }

    /// <summary>A batch of textured halves with light of their own.</summary>
    public static ImageBatch Batch(int count = 4, int side = 24, int seed = 1)
    {
        var random = new Random(seed);
        var maps = Enumerable.Range(0, count).Select(i => Halves($"image{i}", side, random)).ToList();
        return ((InMARS.Pipeline.Outcomes.Result<ImageBatch>.Ok)Collation.Collate(maps)).Value;
    }

    /// <summary>Left dark stripes, right bright ones; superpixels of 4x4 pixels.</summary>
    public static SuperpixelMap Halves(string key, int side, Random random, int bands = 3, int? width = null)
    {
        var columns = width ?? side;
        var light = random.Next(0, 60);
        var pixels = new byte[side * columns * bands];
        var labels = new int[side * columns];
        var across = (columns + 3) / 4;
        for (var i = 0; i < labels.Length; i++)
        {
            var (y, x) = (i / columns, i % columns);
            labels[i] = (y / 4 * across) + (x / 4);
            var value = x < columns / 2 ? (y % 4 < 2 ? 20 : 60) : (x % 4 < 2 ? 120 : 180);
            pixels.AsSpan(i * bands, bands).Fill((byte)(value + light + random.Next(12)));
        }

        return new SuperpixelMap(new RgbImage(new Origin("scene", key), side, columns, bands, pixels), labels, (side + 3) / 4 * across);
    }
}
