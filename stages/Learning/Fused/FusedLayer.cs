namespace InMARS.Stages.Learning.Fused;

/// <summary>
/// A convolution with its batch normalisation folded into it: weight * scale / sqrt(variance + epsilon), and what is left as bias.
/// </summary>
/// <remarks>Weights lie as <see cref="ConvolutionTile"/> reads them: <c>[Blocks][Kernel][Kernel][Inputs][Lanes]</c>, filled up with zeros.</remarks>
internal sealed class FusedLayer
{
    private FusedLayer(FusedShape shape, float[] weights, float[] bias) => (Shape, Weights, Bias) = (shape, weights, bias);

    public FusedShape Shape { get; }

    public float[] Weights { get; }

    /// <summary><c>[Blocks * Lanes]</c>.</summary>
    public float[] Bias { get; }

    /// <summary>What an output is at least: 0 behind a rectifier.</summary>
    public float Floor => Shape.Rectified ? 0 : float.NegativeInfinity;

    /// <param name="weights"><c>[Outputs, C, Kernel, Kernel]</c>, as torch keeps them; C is at most the inputs of the shape.</param>
    /// <param name="bias"><c>[Outputs]</c>.</param>
    public static FusedLayer Of(FusedShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        var packed = new float[shape.Filled * shape.Kernel * shape.Kernel * shape.Inputs];
        var places = shape.Kernel * shape.Kernel;
        var inputs = weights.Length / (shape.Outputs * places);
        for (var i = 0; i < weights.Length; i++)
        {
            packed[shape.WeightAt(i / places / inputs, i % places, i / places % inputs)] = weights[i];
        }

        var shifts = new float[shape.Filled];
        bias.CopyTo(shifts);
        return new FusedLayer(shape, packed, shifts);
    }
}

/// <summary>Shape of a fused convolution, and what happens to its output.</summary>
/// <param name="Inputs">Channels that its input has, those filled up included.</param>
/// <param name="Padding">Cells around its input, which hold what <paramref name="Border"/> says.</param>
/// <param name="Pool">Side of the squares whose greatest values are kept; 1 keeps all.</param>
internal sealed record FusedShape(int Inputs, int Outputs, int Kernel, int Stride, int Dilation, int Padding, BorderPadding Border, int Pool, bool Rectified)
{
    /// <summary>Output channels, filled up to whole blocks.</summary>
    public int Filled => (Outputs + ConvolutionTile.Lanes - 1) / ConvolutionTile.Lanes * ConvolutionTile.Lanes;

    /// <summary>Cells along a side, in front of the pooling.</summary>
    /// <param name="side">Of the input, in cells.</param>
    public int Convolved(int side) => ((side + (2 * Padding) - (Dilation * (Kernel - 1)) - 1) / Stride) + 1;

    /// <summary>Where the weight of an output for one place and input lies.</summary>
    public int WeightAt(int output, int place, int input)
    {
        var (block, lane) = (output / ConvolutionTile.Lanes, output % ConvolutionTile.Lanes);
        return (((((block * Kernel * Kernel) + place) * Inputs) + input) * ConvolutionTile.Lanes) + lane;
    }
}
