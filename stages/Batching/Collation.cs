using System.Numerics;
using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Batching;

/// <summary>Managed images to tensors.</summary>
public static class Collation
{
    /// <summary>The stage <c>collate</c>.</summary>
    public static Stage<IReadOnlyList<SuperpixelMap>, ImageBatch> Stage(FlowOptions flow, PixelMask mask = PixelMask.None) =>
        Pipeline.Stages.Stage.Map<bool, IReadOnlyList<SuperpixelMap>, ImageBatch>(
            "collate",
            flow,
            context => TorchRuntime.Device(context.Run.Device).type == DeviceType.CUDA,
            (pinned, items, _) => Collate(items, pinned, mask)) with
        {
            Borrows = true,
            Foresee = outlook => outlook.Fills(extent => extent.Cells * ((ImageLayers.Of(outlook).Bands * sizeof(float)) + sizeof(long))),
        };

    /// <summary>Puts images of one size into one batch.</summary>
    /// <param name="items">At least one; borrowed.</param>
    /// <param name="pinned">Page-locked memory, which a GPU copies from faster; needs CUDA.</param>
    /// <param name="mask">Pixels to leave out of all superpixels; an image without truth loses all of its own.</param>
    /// <returns>A batch that the caller owns, or <c>batch.mixed_sizes</c>.</returns>
    public static Result<ImageBatch> Collate(IReadOnlyList<SuperpixelMap> items, bool pinned = false, PixelMask mask = PixelMask.None)
    {
        var first = items[0].Image;
        if (items.FirstOrDefault(i => Size(i.Image) != Size(first))?.Image is { } other)
        {
            return new Fault(
                "batch.mixed_sizes",
                $"a batch takes images of one size, but {first.Origin.Key} is {Show(first)} and {other.Origin.Key} is {Show(other)}");
        }

        using var scope = NewDisposeScope();
        var pixels = empty([items.Count, first.Bands, first.Height, first.Width], ScalarType.Float32);
        var superpixels = empty([items.Count, first.Height, first.Width], ScalarType.Int64);
        var count = Fill(items, MemoryMarshal.Cast<byte, float>(pixels.bytes), MemoryMarshal.Cast<byte, long>(superpixels.bytes));
        if (mask == PixelMask.Labels)
        {
            LeaveOut(items, MemoryMarshal.Cast<byte, long>(superpixels.bytes), count);
        }

        return new ImageBatch(items, Leave(pixels, pinned), Leave(superpixels, pinned), count);
    }

    private static int Fill(IReadOnlyList<SuperpixelMap> items, Span<float> pixels, Span<long> superpixels)
    {
        var count = 0;
        for (var n = 0; n < items.Count; n++)
        {
            var (image, labels) = (items[n].Image, items[n].Labels);
            Planes.Split(image.Pixels, image.Bands, pixels.Slice(n * image.Pixels.Length, image.Pixels.Length), labels.Length);
            Widen(labels, superpixels.Slice(n * labels.Length, labels.Length), count);
            count += items[n].Count;
        }

        return count;
    }

    private static void LeaveOut(IReadOnlyList<SuperpixelMap> items, Span<long> superpixels, int none)
    {
        var at = 0;
        foreach (var (image, labels) in items.Select(i => (i.Image, i.Labels)))
        {
            for (var i = 0; i < labels.Length; i++, at++)
            {
                superpixels[at] = image.Truth is { } truth && truth.Ids[i] != LabelMap.Ignore ? superpixels[at] : none;
            }
        }
    }

    /// <summary>Copies 32-bit numbers to 64-bit ones and adds an offset.</summary>
    private static void Widen(ReadOnlySpan<int> from, Span<long> to, long offset)
    {
        var i = 0;
        for (; i <= from.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            Vector.Widen(new Vector<int>(from[i..]), out var low, out var high);
            (low + new Vector<long>(offset)).CopyTo(to[i..]);
            (high + new Vector<long>(offset)).CopyTo(to[(i + Vector<long>.Count)..]);
        }

        for (; i < from.Length; i++)
        {
            to[i] = from[i] + offset;
        }
    }

    // The batch outlives whatever dispose scope its maker runs in.
    private static Tensor Leave(Tensor tensor, bool pinned) => (pinned ? tensor.pin_memory() : tensor).DetachFromDisposeScope();

    private static (int Height, int Width, int Bands) Size(RgbImage image) => (image.Height, image.Width, image.Bands);

    private static string Show(RgbImage image) => $"{image.Height}x{image.Width} with {image.Bands} bands";
}
