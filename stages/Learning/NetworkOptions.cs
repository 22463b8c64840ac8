namespace InMARS.Stages.Learning;

/// <summary>Shape of the network.</summary>
/// <param name="Bands">Bands of its images: 3, or 4 with near infrared.</param>
/// <param name="Width">Channels of the first layer, 4 to 256; each pooling doubles them.</param>
/// <param name="Pools">Poolings by two, 0 to 4.</param>
/// <param name="Depth">Dilated layers behind the last pooling, 1 to 8.</param>
/// <param name="Sobel">Whether the edges of the grey image go in beside the bands.</param>
public sealed record NetworkOptions(int Bands = 3, int Width = 16, int Pools = 2, int Depth = 2, bool Sobel = true)
{
    /// <summary>Pixels that one cell of the deepest layer stands for, along one side.</summary>
    internal int Stride => 1 << Pools;

    /// <summary>Channels that go into the first layer.</summary>
    internal int Inputs => Bands + (Sobel ? 2 : 0);

    /// <summary>Channels that come out of the last layer.</summary>
    internal int Features => Pools == 0 ? 2 * Width : (2 << Pools) * Width;

    /// <summary>Pixels further away than this do not change an answer, up to rounding.</summary>
    internal int Reach => Layers.Sum(l => l.Dilation * (1 << l.Level)) + (2 * Stride) + 1;

    /// <summary>The layers from the input on: w, 2w, then two a level, each level twice as wide, and the dilated ones.</summary>
    internal IReadOnlyList<LayerShape> Layers
    {
        get
        {
            List<LayerShape> layers = [new(0, Inputs, Width, 1), new(0, Width, 2 * Width, 1)];
            for (var level = 1; level < Pools; level++)
            {
                layers.Add(new LayerShape(level, layers[^1].Outputs, (2 << level) * Width, 1));
                layers.Add(new LayerShape(level, layers[^1].Outputs, (2 << level) * Width, 1));
            }

            layers.AddRange(Enumerable.Range(0, Depth).Select(i => new LayerShape(Pools, i == 0 ? layers[^1].Outputs : Features, Features, 2)));
            return layers;
        }
    }
}

/// <summary>One convolution of the trunk.</summary>
/// <param name="Level">Poolings in front of it.</param>
internal sealed record LayerShape(int Level, int Inputs, int Outputs, int Dilation);
