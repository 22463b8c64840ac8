using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

/// <summary>Analytic gradients against central differences, in float64.</summary>
internal static class Slopes
{
    /// <summary>Compares the gradient of <paramref name="value"/> at <paramref name="at"/> with differences in some of its elements.</summary>
    public static void Agree(Func<Tensor, Tensor> value, Tensor at, Tensor gradient, double step = 1e-6, double tolerance = 1e-4, int elements = 12)
    {
        var count = (int)at.numel();
        var scale = Math.Max(gradient.abs().max().item<double>(), 1e-9);
        foreach (var i in Enumerable.Range(0, Math.Min(elements, count)).Select(n => n * count / Math.Min(elements, count)))
        {
            var difference = (At(value, at, i, step) - At(value, at, i, -step)) / (2 * step);
            Assert.Equal(difference / scale, gradient.flatten()[i].item<double>() / scale, tolerance);
        }
    }

    private static double At(Func<Tensor, Tensor> value, Tensor at, int element, double step)
    {
        using var scope = NewDisposeScope();
        var moved = at.detach().clone();
        moved.flatten()[element].add_(step);
        return value(moved).item<double>();
    }
}
