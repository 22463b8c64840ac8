using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// The normalisation statistics that one pass over a batch saw. They reach the running averages only by
/// <see cref="Commit"/>, so that perturbed passes and steps that failed leave no trace there. Owns what it noted.
/// </summary>
internal sealed class BatchMoments : IDisposable
{
    private readonly List<(Tensor Running, Tensor Batch)> _noted = [];

    public void Note(Tensor running, Tensor batch) => _noted.Add((running, batch.DetachFromDisposeScope()));

    /// <summary>Takes over what another one noted, which then has nothing.</summary>
    public void Take(BatchMoments other)
    {
        _noted.AddRange(other._noted);
        other._noted.Clear();
    }

    /// <summary>Moves every running average towards its batch.</summary>
    /// <param name="momentum">Share of the new value, 0 to 1.</param>
    public void Commit(double momentum = 0.1)
    {
        using var _ = no_grad();
        using Scalar old = 1 - momentum;
        using Scalar fresh = momentum;
        foreach (var (running, batch) in _noted)
        {
            running.mul_(old).add_(batch, fresh);
        }
    }

    public void Dispose()
    {
        foreach (var (_, batch) in _noted)
        {
            batch.Dispose();
        }
    }
}
