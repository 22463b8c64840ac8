using InMARS.Pipeline.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>A running average of a network's tensors, its normalisation statistics included. Owns the averages.</summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly IReadOnlyList<(string Name, Tensor Value)> _source;
    private readonly IReadOnlyList<(string Name, Tensor Value)> _average;
    private long _steps;

    /// <param name="decay">Share of the old value, 0 to 1; less at first, so that the first weights are soon forgotten.</param>
    public WeightAverage(Segmenter network, double decay)
    {
        using var scope = NewDisposeScope();
        _decay = decay;
        _source = network.State;
        _average = [.. _source.Select(s => (s.Name, s.Value.detach().clone().DetachFromDisposeScope()))];
    }

    public IReadOnlyList<(string Name, Tensor Value)> State => _average;

    public void Update()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _steps++;
        var decay = Math.Min(_decay, (1.0 + _steps) / (10.0 + _steps));
        using Scalar old = decay;
        using Scalar fresh = 1 - decay;
        for (var i = 0; i < _average.Count; i++)
        {
            _average[i].Value.mul_(old).add_(_source[i].Value, fresh);
        }
    }

    public void Carry(StateArchive state)
    {
        _steps = state.Value("steps", _steps);
        state.Tensors(_average);
    }

    public void Dispose()
    {
        foreach (var (_, value) in _average)
        {
            value.Dispose();
        }
    }
}
