using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>What is done to the gradients of all parameters at once.</summary>
/// <remarks>Here and wherever weights move, numbers are handed to torch as scalars that outlive the call: see <see cref="NativeFailures"/>.</remarks>
internal static class Gradients
{
    /// <summary>Length of the gradient, a scalar.</summary>
    public static Tensor Norm(IEnumerable<Parameter> parameters) => stack([.. Of(parameters).Select(g => g.square().sum())]).sum().sqrt();

    public static void Stretch(IEnumerable<Parameter> parameters, double factor)
    {
        if (factor == 1)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Scalar by = factor;
        foreach (var gradient in Of(parameters))
        {
            gradient.mul_(by);
        }
    }

    /// <summary>Copies of the gradients, null where there is none; they belong to the scope of the caller.</summary>
    public static IReadOnlyList<Tensor?> Copy(IEnumerable<Parameter> parameters) => [.. parameters.Select(p => p.grad?.clone())];

    /// <summary>Makes the gradients what they were.</summary>
    /// <param name="before">As <see cref="Copy"/> gave them.</param>
    public static void Restore(IEnumerable<Parameter> parameters, IReadOnlyList<Tensor?> before)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (parameter, old) in parameters.Zip(before))
        {
            if (parameter.grad is not { } gradient)
            {
                continue;
            }

            if (old is null)
            {
                gradient.zero_();
            }
            else
            {
                gradient.copy_(old);
            }
        }
    }

    private static IEnumerable<Tensor> Of(IEnumerable<Parameter> parameters) => parameters.Select(p => p.grad).OfType<Tensor>();
}
