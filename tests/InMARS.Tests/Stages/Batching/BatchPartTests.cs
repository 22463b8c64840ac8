using InMARS.Stages.Batching;
using InMARS.Tests.Stages.Learning;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Batching;

public sealed class BatchPartTests
{
    [Fact]
    public void A_part_is_the_batch_of_its_images()
    {
        using var scope = NewDisposeScope();
        using var batch = Scene.Batch(5);
        var whole = BatchPart.Whole(batch);

        foreach (var part in new[] { whole, whole.Halves.First, whole.Halves.Second, whole.Halves.Second.Halves.First })
        {
            using var alone = ((InMARS.Pipeline.Outcomes.Result<ImageBatch>.Ok)Collation.Collate([.. batch.Items.Skip(part.First).Take(part.Count)])).Value;
            var cut = part.Cut();

            Assert.Equal(alone.Items, cut.Items);
            Assert.Equal(alone.Pixels.data<float>().ToArray(), cut.Pixels.data<float>().ToArray());
            Assert.Equal(alone.Superpixels.data<long>().ToArray(), cut.Superpixels.data<long>().ToArray());
            Assert.Equal(alone.SuperpixelCount, cut.SuperpixelCount);
        }
    }

    [Fact]
    public void Pixels_of_no_superpixel_stay_so()
    {
        using var scope = NewDisposeScope();
        using var batch = Scene.Batch(2);
        batch.Superpixels[1, 0, 0] = tensor((long)batch.SuperpixelCount);

        var cut = BatchPart.Whole(batch).Halves.Second.Cut();

        Assert.Equal(cut.SuperpixelCount, cut.Superpixels[0, 0, 0].item<long>());
    }

    [Fact]
    public void Halves_are_all_of_it()
    {
        using var batch = Scene.Batch(5);

        var (first, second) = BatchPart.Whole(batch).Halves;

        Assert.Equal((0, 2, 2, 3), (first.First, first.Count, second.First, second.Count));
        Assert.Equal(1, first.Share + second.Share, 1e-12);
    }
}
