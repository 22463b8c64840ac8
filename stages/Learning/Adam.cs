using InMARS.Pipeline.Stages;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Moves weights along their gradients, each by its own measure: Kingma and Ba, "Adam", ICLR 2015, algorithm 1. Owns the moments.</summary>
/// <remarks>
/// In place of TorchSharp's, whose numbers the garbage collector may take while torch reads them (<see cref="NativeFailures"/>): a step
/// of training can be tried again until the weights begin to move, and not after that.
/// </remarks>
internal sealed class Adam : IDisposable
{
    private const double First = 0.9;
    private const double Second = 0.999;
    private const double Epsilon = 1e-8;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly IReadOnlyList<Tensor> _means;
    private readonly IReadOnlyList<Tensor> _squares;
    private long _steps;

    /// <param name="parameters">Borrowed.</param>
    public Adam(IEnumerable<Parameter> parameters)
    {
        _parameters = [.. parameters];
        (_means, _squares) = (Zeros(), Zeros());
    }

    /// <summary>Lets go of all gradients.</summary>
    public void Forget()
    {
        foreach (var parameter in _parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>Moves every weight that has a gradient.</summary>
    /// <param name="rate">Length of a step, where all gradients agree.</param>
    public void Step(double rate)
    {
        _steps++;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Scalar first = First;
        using Scalar firstRest = 1 - First;
        using Scalar second = Second;
        using Scalar secondRest = 1 - Second;
        using Scalar spread = 1 / Math.Sqrt(1 - Math.Pow(Second, _steps));
        using Scalar epsilon = Epsilon;
        using Scalar stride = -rate / (1 - Math.Pow(First, _steps));
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (_parameters[i].grad is { } gradient)
            {
                _means[i].mul_(first).add_(gradient, firstRest);
                _squares[i].mul_(second).addcmul_(gradient, gradient, secondRest);
                _parameters[i].addcdiv_(_means[i], _squares[i].sqrt().mul_(spread).add_(epsilon), stride);
            }
        }
    }

    /// <summary>Hands moments and steps to a checkpoint, or takes them back.</summary>
    public void Carry(StateArchive state)
    {
        _steps = state.Value("steps", _steps);
        state.Tensors(_means.Select((mean, i) => ($"{i}.mean", mean)));
        state.Tensors(_squares.Select((square, i) => ($"{i}.square", square)));
    }

    public void Dispose()
    {
        foreach (var moment in _means.Concat(_squares))
        {
            moment.Dispose();
        }
    }

    private IReadOnlyList<Tensor> Zeros()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return [.. _parameters.Select(p => zeros_like(p).DetachFromDisposeScope())];
    }
}
