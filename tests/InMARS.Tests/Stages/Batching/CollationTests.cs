using CsCheck;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using TorchSharp;

namespace InMARS.Tests.Stages.Batching;

public class CollationTests
{
    [Fact]
    public void Collate_makes_planes_and_numbers_superpixels_through_the_batch()
    {
        var one = Map("a", 1, 2, [0, 51, 255, 102, 0, 204], [0, 1], 2);
        var two = Map("b", 1, 2, [255, 0, 0, 0, 0, 255], [1, 0], 3);

        using var batch = Ok(Collation.Collate([one, two]));

        Assert.Equal([2, 3, 1, 2], batch.Pixels.shape);
        Assert.Equal([0f, 0.4f, 0.2f, 0f, 1f, 0.8f, 1f, 0f, 0f, 0f, 0f, 1f], batch.Pixels.data<float>().ToArray());
        Assert.Equal([0L, 1L, 3L, 2L], batch.Superpixels.data<long>().ToArray());
        Assert.Equal(5, batch.SuperpixelCount);
    }

    [Fact]
    public void Pixels_without_a_class_belong_to_no_superpixel_where_labels_mask()
    {
        var one = Map("a", 1, 2, new byte[6], [0, 1], 2);
        var two = Map("b", 1, 2, new byte[6], [1, 0], 3);
        one = one with { Image = one.Image with { Truth = new LabelMap(1, 2, [LabelMap.Ignore, 4]) } };

        using var masked = Ok(Collation.Collate([one, two], mask: PixelMask.Labels));
        using var whole = Ok(Collation.Collate([one, two]));

        Assert.Equal([5L, 1L, 5L, 5L], masked.Superpixels.data<long>().ToArray());
        Assert.Equal([0L, 1L, 3L, 2L], whole.Superpixels.data<long>().ToArray());
    }

    [Fact]
    public void Every_value_lands_in_its_plane_whatever_the_size() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[3, 4], Gen.Int[0, 1000]).Sample((height, width, bands, seed) =>
        {
            var pixels = new byte[height * width * bands];
            new Random(seed).NextBytes(pixels);
            var labels = Enumerable.Range(0, height * width).ToArray();

            using var batch = Ok(Collation.Collate([Map("a", height, width, pixels, labels, labels.Length, bands)]));

            var expected = Enumerable.Range(0, bands).SelectMany(b => labels.Select(i => pixels[(i * bands) + b] / 255f));
            Assert.Equal(expected, batch.Pixels.data<float>().ToArray());
            Assert.Equal(labels.Select(l => (long)l), batch.Superpixels.data<long>().ToArray());
        }, iter: 100);

    [Fact]
    public void Images_of_two_sizes_are_a_fault_that_names_both()
    {
        var outcome = Collation.Collate([Map("a", 1, 2), Map("b", 1, 2), Map("c", 2, 2)]);

        var fault = Assert.IsType<Result<ImageBatch>.Failed>(outcome).Fault;
        Assert.Equal("batch.mixed_sizes", fault.Code);
        Assert.Equal("a batch takes images of one size, but a is 1x2 with 3 bands and c is 2x2 with 3 bands", fault.Message);
    }

    [Fact]
    public void A_batch_outlives_the_scope_it_was_made_in()
    {
        ImageBatch batch;
        using (torch.NewDisposeScope())
        {
            batch = Ok(Collation.Collate([Map("a", 1, 2)]));
        }

        Assert.False(batch.Pixels.IsInvalid);
        batch.Dispose();
        Assert.True(batch.Pixels.IsInvalid);
    }

    private static SuperpixelMap Map(string key, int height, int width) =>
        Map(key, height, width, new byte[height * width * 3], new int[height * width], 1);

    private static SuperpixelMap Map(string key, int height, int width, byte[] pixels, int[] labels, int count, int bands = 3) =>
        new(new RgbImage(new Origin("shard", key), height, width, bands, pixels), labels, count);

    private static ImageBatch Ok(Result<ImageBatch> outcome) => Assert.IsType<Result<ImageBatch>.Ok>(outcome).Value;
}
