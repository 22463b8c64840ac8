using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// What a learner minimises. May keep state between steps, and is disposed with its learner where it is disposable.
/// Borrows the network and the generator that its factory was given.
/// </summary>
internal interface IObjective
{
    /// <summary>The record it was made of; its text goes into the hash of the model card.</summary>
    object Options { get; }

    /// <summary>Adds the gradient of one batch to the network's parameters. Called within a dispose scope.</summary>
    /// <param name="batch">Borrowed.</param>
    /// <param name="moment">Where in the training the batch stands; the generator is already seeded for it.</param>
    /// <param name="moments">Takes note of the normalisation statistics of the clean view.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The tensor library failed, for want of memory or for no reason; the caller undoes.</exception>
    Views Add(ImageBatch batch, StepMoment moment, BatchMoments moments);

    /// <summary>Takes note of what <see cref="Add"/> is going to change of what it keeps between steps, so that a batch can be added anew.</summary>
    /// <returns>Makes it what it was; called at most once, and before the weights move.</returns>
    Action Mark() => () => { };

    /// <summary>What one call of <see cref="Add"/> has in memory at its fullest.</summary>
    StepLoad Load => new(Passes: 1, Step: 1);

    /// <summary>Hands what it keeps between steps to a checkpoint, or takes it back.</summary>
    void Carry(StateArchive state);

    /// <summary>Decides, before a model is saved, which head of several segments.</summary>
    void Settle()
    {
    }

    /// <summary>Sentences for the report of the learner, on what was settled last.</summary>
    IReadOnlyList<string> Told => [];

    /// <summary>Whether the network has stopped learning for good, so that the learner is to start again from other first weights.</summary>
    bool HasStalled => false;

    /// <summary>Perturbs images as in training, to show them. Changes nothing, and draws from no other generator.</summary>
    /// <param name="batch">Borrowed.</param>
    /// <param name="random">On the device of the network.</param>
    /// <returns>Null where the objective perturbs nothing.</returns>
    PerturbedImages? Perturb(ImageBatch batch, Generator random) => null;
}

/// <summary>Where a batch stands in a training.</summary>
/// <param name="Step">The step it belongs to, from 1.</param>
/// <param name="Epoch">Pass over the source, from 0.</param>
/// <param name="Seed">Random seed of the batch.</param>
/// <param name="Progress">Share of the flow that lies behind it, 0 to 1; NaN where that is not known.</param>
internal readonly record struct StepMoment(long Step, int Epoch, ulong Seed, double Progress);

/// <summary>What an objective has in memory at its fullest.</summary>
/// <param name="Passes">Passes through the network whose values are kept for the way back at the same time.</param>
/// <param name="Step">Answers are read at every n-th pixel of a row and of a column; 1 for all.</param>
internal readonly record struct StepLoad(int Passes, int Step);

/// <summary>What the head that segments said of one batch, without gradients.</summary>
/// <param name="Loss">What was minimised; a scalar.</param>
/// <param name="Clean">Answers for the batch as it came.</param>
internal sealed record Views(Tensor Loss, SuperpixelScores Clean)
{
    /// <summary>Factor of the perturbations' weights; 0 where they take no part.</summary>
    public double Strength { get; init; }

    /// <summary>Answers under adversarial noise; none where that is off.</summary>
    public SuperpixelScores? Noise { get; init; }

    /// <summary>Answers under the adversarial spatial perturbation; none where that is off.</summary>
    public SuperpixelScores? Space { get; init; }

    /// <summary>Answers under noise and motion at once; none where they do not come together.</summary>
    public SuperpixelScores? Both { get; init; }
}
