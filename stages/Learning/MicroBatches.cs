using System.Globalization;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;

namespace InMARS.Stages.Learning;

/// <summary>
/// How much of a batch goes through the network at once: all of it, until memory ran out; from then on parts, cut in halves
/// until they are no larger than what was left to try.
/// </summary>
internal sealed class MicroBatches(IStageContext context)
{
    private long _most = long.MaxValue;
    private int _halvings;

    /// <summary>A sentence for the report, where memory ran out.</summary>
    public IEnumerable<string> Told =>
        _halvings == 0 ? [] : [$"Memory ran out {_halvings} times: batches went through the network in parts of at most {_most} pixels, with the same effective batch."];

    public bool Holds(BatchPart part) => part.Count == 1 || part.Count * part.ImagePixels <= _most;

    /// <summary>Remembers that there was no memory for a part.</summary>
    /// <exception cref="RunException">It is one image.</exception>
    public void RanOut(BatchPart part, Exception cause)
    {
        if (part.Count == 1)
        {
            throw new RunException(Story(part), cause);
        }

        _halvings++;
        var (_, larger) = part.Halves;
        _most = Math.Min(_most, larger.Count * part.ImagePixels);
        context.Log(
            "warning",
            $"{context.Stage}: out of memory with {part.Count} images of {Size(part)} at once; goes on with {larger.Count}, and adds up the gradients of the whole batch",
            new JsonObject { ["images"] = part.Count, ["now"] = larger.Count });
    }

    public void Carry(StateArchive state) => (_most, _halvings) = state.Value("micro_batches", (_most, _halvings));

    private string Story(BatchPart part) => string.Create(
        CultureInfo.InvariantCulture,
        $"out of memory with a single image of {Size(part)}, of a batch of {part.Batch.Pixels.shape[0]}; {context.Stage} learns from smaller images (image.crop or image.resize), or with a smaller network (network.width, network.depth) or fewer clusters.");

    private static string Size(BatchPart part) => $"{part.Batch.Pixels.shape[3]}x{part.Batch.Pixels.shape[2]} pixels";
}
