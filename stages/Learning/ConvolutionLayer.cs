using InMARS.Stages.Learning.Fused;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Learning;

/// <summary>A convolution without bias, batch normalisation and a rectifier.</summary>
internal sealed class ConvolutionLayer : IDisposable
{
    private const double Epsilon = 1e-5;
    private const ulong Apart = 0x9E3779B97F4A7C15;
    private readonly Parameter _weight;
    private readonly Parameter _scale;
    private readonly Parameter _shift;
    private readonly Tensor _mean;
    private readonly Tensor _variance;

    /// <param name="random">
    /// Draws the weights: normal with variance 2 / fan-in, He et al. 2015, equation 10. On the CPU. Those of the inputs beside the image
    /// are drawn from another one of a seed that follows from it, so that all others are what they would be without these inputs.
    /// </param>
    public ConvolutionLayer(LayerShape shape, Generator random, Device device, ScalarType type)
    {
        Shape = shape;
        using var scope = NewDisposeScope();
        var image = Draw(shape.Inputs - shape.Beside, random);
        _weight = Keep(shape.Beside == 0 ? image : cat([image, Aside()], 1));
        _scale = Keep(ones(shape.Outputs));
        _shift = Keep(zeros(shape.Outputs));
        _mean = zeros(shape.Outputs, dtype: type, device: device).DetachFromDisposeScope();
        _variance = ones(shape.Outputs, dtype: type, device: device).DetachFromDisposeScope();

        Tensor Draw(int inputs, Generator from) => randn([shape.Outputs, inputs, shape.Kernel, shape.Kernel], generator: from)
            * Math.Sqrt(2.0 / ((shape.Inputs - shape.Beside) * shape.Kernel * shape.Kernel));

        Tensor Aside()
        {
            using var other = new Generator(unchecked((ulong)random.initial_seed() + Apart), CPU);
            return Draw(shape.Beside, other);
        }

        Parameter Keep(Tensor start) => FreshParameter.Of(start, device, type);
    }

    public LayerShape Shape { get; }

    public IReadOnlyList<Parameter> Parameters => [_weight, _scale, _shift];

    /// <summary>Everything a checkpoint holds, named as PyTorch names it.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State =>
    [
        ("conv.weight", _weight),
        ("norm.weight", _scale),
        ("norm.bias", _shift),
        ("norm.running_mean", _mean),
        ("norm.running_var", _variance),
    ];

    /// <summary>Normalises by the statistics of this batch. The running ones are neither used nor changed.</summary>
    /// <param name="moments">Takes note of the statistics, where the caller wants to move the running ones by them later.</param>
    public Tensor Train(Tensor x, BatchMoments? moments)
    {
        // With momentum 1 the buffers come back as the batch's own mean and unbiased variance.
        var (mean, variance) = (zeros_like(_mean), ones_like(_variance));
        var y = functional.batch_norm(Convolve(x), mean, variance, _scale, _shift, training: true, momentum: 1, eps: Epsilon);
        moments?.Note(_mean, mean);
        moments?.Note(_variance, variance);
        return functional.relu(y);
    }

    /// <summary>Normalises by the running statistics.</summary>
    public Tensor Apply(Tensor x) =>
        functional.relu(functional.batch_norm(Convolve(x), _mean, _variance, _scale, _shift, training: false, eps: Epsilon));

    /// <summary>The layer that <see cref="Apply"/> is, as one convolution.</summary>
    /// <param name="inputs">Channels of its input, those filled up included.</param>
    /// <param name="pool">Side of the squares that are pooled behind it.</param>
    public FusedLayer Fuse(int inputs, int pool)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var scale = _scale / (_variance + Epsilon).sqrt();
        var shape = new FusedShape(inputs, Shape.Outputs, Shape.Kernel, Shape.Stride, Shape.Dilation, Shape.Padding, Shape.Border, pool, Rectified: true);
        return FusedLayer.Of(shape, Values(_weight * scale.view(-1, 1, 1, 1)), Values(_shift - (_mean * scale)));

        float[] Values(Tensor t) => t.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    public void Dispose()
    {
        foreach (var (_, value) in State)
        {
            value.Dispose();
        }
    }

    private Tensor Convolve(Tensor x)
    {
        if (Shape.Border == BorderPadding.Zeros)
        {
            return Convolve(x, Shape.Padding);
        }

        long[] around = [Shape.Padding, Shape.Padding, Shape.Padding, Shape.Padding];
        return Convolve(functional.pad(x, around, Mode(x)), 0);
    }

    /// <summary>An input that is not wider than its padding cannot be mirrored; its last cells are repeated.</summary>
    private PaddingModes Mode(Tensor x) =>
        Math.Min(x.shape[2], x.shape[3]) > Shape.Padding ? PaddingModes.Reflect : PaddingModes.Replicate;

    private Tensor Convolve(Tensor x, long padding) => functional.conv2d(
        x, _weight, strides: [Shape.Stride, Shape.Stride], padding: [padding, padding], dilation: [Shape.Dilation, Shape.Dilation]);
}
