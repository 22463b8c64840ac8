using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <content>How a step is made: attempts that can be undone, until the weights move.</content>
public sealed partial class Learner
{
    private StepGroup Begin()
    {
        _step++;
        _optimiser.Forget();
        return new StepGroup();
    }

    /// <exception cref="OptionsException">The batch is larger than the memory of the machine, by the estimate.</exception>
    private void CheckMemory(BatchPart part)
    {
        var image = new Extent(part.Batch.Pixels.shape[2], part.Batch.Pixels.shape[3]);
        if (_limit is { } limit && _microBatches.Holds(part) && _memory.Refusal(part.Count, image, limit) is { } reason)
        {
            throw new OptionsException($"{_context.Stage} {reason}");
        }
    }

    /// <summary>Adds the gradient of a part of a batch: at once, or where memory does not suffice in two halves.</summary>
    private void Learn(StepGroup group, BatchPart part, ItemContext item)
    {
        if (_microBatches.Holds(part) && Fits(group, part, item))
        {
            return;
        }

        Learn(group, part.Halves.First, item);
        Learn(group, part.Halves.Second, item);
    }

    private bool Fits(StepGroup group, BatchPart part, ItemContext item)
    {
        try
        {
            return _failures.Tried(() => Attempt(group, part, item));
        }
        catch (ExternalException e) when (NativeFailures.IsOutOfMemory(e))
        {
            _microBatches.RanOut(part, e);
            return false;
        }
    }

    /// <summary>Adds the gradient of a part, by its share of the batch; where that fails, all is as it was.</summary>
    /// <remarks>
    /// The gradients so far are stretched by 1 / share first and everything by the share then, so that only the objective
    /// adds to them; of halves that is exact. A whole batch is not stretched.
    /// </remarks>
    private bool Attempt(StepGroup group, BatchPart part, ItemContext item)
    {
        using var scope = NewDisposeScope();
        using var moments = new BatchMoments();
        var before = Gradients.Copy(_network.Parameters);
        var undo = _objective.Mark();
        try
        {
            var seed = SeedOf(part, item);
            _random.manual_seed(unchecked((long)seed));
            Gradients.Stretch(_network.Parameters, 1 / part.Share);
            var views = _objective.Add(part.Cut(), new StepMoment(_step, item.Epoch, seed, item.Progress), moments);
            Gradients.Stretch(_network.Parameters, part.Share);
            group.Add(views, moments, part.Share);
            return true;
        }
        catch (ExternalException)
        {
            undo();
            Gradients.Restore(_network.Parameters, before);
            throw;
        }
    }

    /// <summary>Another one for each part, by where it begins; that of the item for the first.</summary>
    private static ulong SeedOf(BatchPart part, ItemContext item) => unchecked(item.Seed + ((ulong)part.First * 0x9E3779B97F4A7C15));

    private IReadOnlyList<TrainingReport> Close(StepGroup group)
    {
        _group = null;
        using (group)
        {
            return Descend(group) is { } figures ? [Note(figures, group)] : [];
        }
    }

    /// <summary>Moves the weights, or tells why not and returns null.</summary>
    private StepFigures? Descend(StepGroup group)
    {
        var figures = _failures.Tried(() => group.Read(Gradients.Norm(_network.Parameters) / group.Batches));
        if (!figures.AreFinite)
        {
            LeaveOut(figures);
            return null;
        }

        _setbacks.StepDone();
        Move(Clip(figures.GradientNorm) / group.Batches, RateAt(group.Last.Progress));
        group.Moments.Commit();
        _average?.Update();
        return figures;
    }

    /// <summary>What brings a gradient to its longest length; 1 where it is no longer.</summary>
    private double Clip(double gradientNorm) =>
        _options.GradientClip > 0 && gradientNorm > _options.GradientClip ? _options.GradientClip / gradientNorm : 1;

    private void Move(double factor, double rate)
    {
        Gradients.Stretch(_network.Parameters, factor);
        _optimiser.Step(rate);
    }
}
