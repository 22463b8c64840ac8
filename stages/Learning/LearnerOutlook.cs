using InMARS.Pipeline.Stages;
using InMARS.Stages.Reports;
using TorchSharp;

namespace InMARS.Stages.Learning;

/// <summary>What can be said of a learner before it learns: whether its batches fit, and the files that it leaves.</summary>
/// <param name="Stage">Its name in run files.</param>
/// <param name="Heads">Heads of K clusters.</param>
internal sealed record LearnerOutlook(string Stage, TrainingOptions Training, int Heads, StepLoad Load)
{
    private StepMemory Memory => StepMemory.Of(Training, Heads, Load);

    /// <summary>Of what is known of its batches; behind it come the reports of steps.</summary>
    public Outlook Behind(Outlook batches)
    {
        var here = Refusal(batches) is { } reason ? batches.Refuse($"{Stage} {reason}") : batches;
        var steps = (long)Math.Ceiling((here.Items ?? 0) / ((double)here.Gathered * Training.Accumulate));
        return Writes(here).Unsized() with { Items = here.Items is null ? null : steps, Gathered = 1 };
    }

    /// <summary>A batch is of images of one size, so the smallest that was seen tells what any batch takes at least.</summary>
    private string? Refusal(Outlook batches)
    {
        if (batches.Extents.Length == 0)
        {
            return null;
        }

        var images = Math.Min(batches.Gathered, batches.Items * batches.Epochs ?? long.MaxValue);
        var reason = Memory.Refusal(images, batches.Extents.MinBy(extent => extent.Cells), batches.Memory);
        return reason is not null && IsOnCpu(batches.Run.Device) ? reason : null;
    }

    private Outlook Writes(Outlook batches)
    {
        var run = batches.Run;
        var watch = Training.Watch;
        return batches
            .Writes(new PlannedFiles("models", Path.Combine(run.Directory, "checkpoints"), (1 + watch.Snapshots) * Memory.ModelBytes))
            .Keeps(Memory.StateBytes)
            .Writes("galleries", "gallery", watch.Gallery == 0 ? 0 : batches.Epochs, extent => MeasuredRoom.OfGallery(extent, watch.Gallery));
    }

    /// <remarks>On a GPU a batch that does not fit goes through it in parts. Asked last: it loads the tensor library.</remarks>
    private static bool IsOnCpu(string device) => device switch
    {
        "cpu" => true,
        "cuda" => false,
        _ => !torch.cuda.is_available(),
    };
}
