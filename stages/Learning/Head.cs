using InMARS.Stages.Learning.Fused;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Learning;

/// <summary>A 1x1 convolution that scores clusters.</summary>
internal sealed class Head : IDisposable
{
    private readonly HeadShape _shape;
    private readonly Parameter _weight;
    private readonly Parameter? _bias;

    /// <param name="shape">The smaller its deviation, the nearer to uniform are the first answers.</param>
    public Head(HeadShape shape, Generator random, Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        _shape = shape;
        _weight = FreshParameter.Of(randn([shape.Clusters, shape.Features, 1, 1], generator: random) * shape.Deviation, device, type);
        _bias = shape.Bias ? FreshParameter.Of(zeros(shape.Clusters), device, type) : null;
    }

    public IReadOnlyList<Parameter> Parameters => _bias is null ? [_weight] : [_weight, _bias];

    public IReadOnlyList<(string Name, Tensor Value)> State => _bias is null ? [("weight", _weight)] : [("weight", _weight), ("bias", _bias)];

    public Tensor Apply(Tensor features) => functional.conv2d(features, _weight, _bias, padding: [_shape.Padding, _shape.Padding]);

    /// <summary>The scores of some of its clusters, as a convolution that runs without torch.</summary>
    /// <param name="inputs">Channels of its input, those filled up included.</param>
    public FusedLayer Fuse(int inputs, int first, int count)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var shape = new FusedShape(inputs, count, Kernel: 1, Stride: 1, Dilation: 1, _shape.Padding, BorderPadding.Zeros, Pool: 1, Rectified: false);
        return FusedLayer.Of(shape, Values(_weight), _bias is null ? [] : Values(_bias));

        float[] Values(Tensor t) => t.narrow(0, first, count).to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}

/// <summary>Parameters that outlive the dispose scope they are made in.</summary>
internal static class FreshParameter
{
    public static Parameter Of(Tensor start, Device device, ScalarType type)
    {
        var parameter = new Parameter(start.to(type).to(device).detach().clone());
        _ = parameter.DetachFromDisposeScope();
        return parameter;
    }
}
