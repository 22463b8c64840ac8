using System.Runtime.InteropServices;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using TorchSharp;

namespace InMARS.Tests.Stages.Learning;

/// <summary>Another objective, in which the tensor library fails; after all was done, so that there is the most to undo.</summary>
/// <param name="inner">Owned.</param>
/// <param name="seen">Takes the number of images of every attempt.</param>
/// <param name="fails">What an attempt fails with, by its images and its number from 0; null where it does not.</param>
internal sealed class FaultyObjective(IObjective inner, List<int> seen, Func<int, int, string?> fails) : IObjective, IDisposable
{
    public const string NoMemory = "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 23.99 GiB total capacity; 0 bytes free)";
    public const string NoReason = "Expected false to be true, but got false.\nException raised from toDouble";

    public object Options => inner.Options;

    public bool HasStalled => inner.HasStalled;

    public StepLoad Load => inner.Load;

    public Views Add(ImageBatch batch, StepMoment moment, BatchMoments moments)
    {
        seen.Add((int)batch.Pixels.shape[0]);
        var views = inner.Add(batch, moment, moments);
        return fails(seen[^1], seen.Count - 1) is { } message ? throw new NativeException(message) : views;
    }

    public Action Mark() => inner.Mark();

    public void Carry(StateArchive state) => inner.Carry(state);

    public void Settle() => inner.Settle();

    public PerturbedImages? Perturb(ImageBatch batch, torch.Generator random) => inner.Perturb(batch, random);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}

/// <summary>As the tensor library's own, which only a runtime may throw.</summary>
internal sealed class NativeException(string message) : ExternalException(message);
