using InMARS.Pipeline.Stages;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// Shares of the clusters over the batches of late. A batch holds few images, and it would be wrong to ask of each that it
/// shows all clusters evenly: what is to be even is the data set.
/// </summary>
/// <param name="fading">What the past counts for after a batch, 0 to 1; with 0 only the batch counts.</param>
internal sealed class MarginalMemory(double fading) : IDisposable
{
    private Tensor? _shares;

    /// <summary>H(Y) of the batch seen from the past: its slope is that of the entropy at the remembered shares.</summary>
    /// <param name="shares"><c>[K]</c>, sum 1: the marginal of the batch.</param>
    /// <returns>-sum of shares times ln(remembered shares), a scalar in nats, differentiable in the first; H(Y) itself where nothing is remembered.</returns>
    public Tensor Entropy(Tensor shares) => -(shares * Remember(shares).log()).sum();

    /// <summary>Remembered shares with this batch among them, without gradient; of the caller's scope.</summary>
    private Tensor Remember(Tensor shares)
    {
        using var scope = NewDisposeScope();
        var now = shares.detach();
        var mixed = _shares is null ? now.clone() : (_shares.to(now.device) * fading) + (now * (1 - fading));
        _shares?.Dispose();
        _shares = mixed.clone().DetachFromDisposeScope();
        return mixed.MoveToOuterDisposeScope();
    }

    /// <summary>Takes note of what is remembered, on its device: nothing waits for it there.</summary>
    /// <returns>Makes it what it was; to be called within the dispose scope of this call, at most once.</returns>
    public Action Mark()
    {
        var before = _shares?.clone();
        return () =>
        {
            _shares?.Dispose();
            _shares = before?.DetachFromDisposeScope();
        };
    }

    public void Carry(StateArchive state)
    {
        var values = state.Value("shares", _shares?.cpu().data<float>().ToArray());
        if (state.Loading)
        {
            _shares?.Dispose();
            _shares = values is null ? null : tensor(values).DetachFromDisposeScope();
        }
    }

    public void Dispose() => _shares?.Dispose();
}
