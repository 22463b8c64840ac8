using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Learning;

/// <summary>A 1x1 convolution that scores clusters.</summary>
internal sealed class Head : IDisposable
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    /// <param name="deviation">Of the first weights; small, so that the first answers are near uniform.</param>
    public Head(int features, int clusters, double deviation, Generator random, Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        _weight = FreshParameter.Of(randn([clusters, features, 1, 1], generator: random) * deviation, device, type);
        _bias = FreshParameter.Of(zeros(clusters), device, type);
    }

    public IReadOnlyList<Parameter> Parameters => [_weight, _bias];

    public IReadOnlyList<(string Name, Tensor Value)> State => [("weight", _weight), ("bias", _bias)];

    public Tensor Apply(Tensor features) => functional.conv2d(features, _weight, _bias);

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
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
