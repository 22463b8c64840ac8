using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Batching;

/// <summary>Neighbouring images of a batch, which it borrows.</summary>
/// <param name="First">Number of the first one, from 0.</param>
/// <param name="Count">Images, 1 or more.</param>
internal readonly record struct BatchPart(ImageBatch Batch, int First, int Count)
{
    public static BatchPart Whole(ImageBatch batch) => new(batch, 0, (int)batch.Pixels.shape[0]);

    /// <summary>Its share of the batch, above 0 to 1.</summary>
    public double Share => (double)Count / Batch.Pixels.shape[0];

    /// <summary>Pixels of one image.</summary>
    public long ImagePixels => Batch.Pixels.shape[2] * Batch.Pixels.shape[3];

    /// <summary>What it is cut into; of an odd number the second half is the larger one.</summary>
    public (BatchPart First, BatchPart Second) Halves =>
        (this with { Count = Count / 2 }, this with { First = First + (Count / 2), Count = Count - (Count / 2) });

    /// <summary>Its images as a batch, whose tensors belong to the scope of the caller; a part that is all is the batch itself.</summary>
    public ImageBatch Cut()
    {
        if (Share == 1)
        {
            return Batch;
        }

        using var scope = NewDisposeScope();
        var items = Batch.Items.Skip(First).Take(Count).ToArray();
        var (before, count) = (Batch.Items.Take(First).Sum(i => i.Count), items.Sum(i => i.Count));
        var numbers = Batch.Superpixels.narrow(0, First, Count);
        var own = (numbers - before).masked_fill(numbers.eq(Batch.SuperpixelCount), count);
        return new ImageBatch(items, Batch.Pixels.narrow(0, First, Count).MoveToOuterDisposeScope(), own.MoveToOuterDisposeScope(), count);
    }
}
