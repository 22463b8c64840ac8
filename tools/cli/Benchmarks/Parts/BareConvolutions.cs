using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>The convolutions of a trunk as torch runs them for one image, each on an input of its own: no padding, no normalisation, no rectifier.</summary>
internal sealed class BareConvolutions : IDisposable
{
    private readonly List<(LayerShape Shape, Tensor Input, Tensor Weight)> _layers;

    public BareConvolutions(NetworkOptions network, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(7, CPU);
        _layers =
        [
            .. network.Layers.Select(layer => (
                layer,
                randn([1, layer.Inputs, height >> layer.Level, width >> layer.Level], generator: random).DetachFromDisposeScope(),
                randn([layer.Outputs, layer.Inputs, layer.Kernel, layer.Kernel], generator: random).DetachFromDisposeScope())),
        ];
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (shape, input, weight) in _layers)
        {
            nn.functional.conv2d(
                input, weight, strides: [shape.Stride, shape.Stride], padding: [shape.Padding, shape.Padding], dilation: [shape.Dilation, shape.Dilation]).Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var (_, input, weight) in _layers)
        {
            input.Dispose();
            weight.Dispose();
        }
    }
}
