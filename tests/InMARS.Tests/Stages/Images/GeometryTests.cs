using CsCheck;
using InMARS.Stages.Images;

namespace InMARS.Tests.Stages.Images;

public class GeometryTests
{
    private static readonly FlippingOptions _both = new(1, Horizontal: true, Vertical: true);

    [Fact]
    public void Resize_gives_the_size_asked_for_or_keeps_the_aspect()
    {
        var image = Pictures.Coordinates(20, 30);

        Assert.Equal((8, 16), Size(Resize(image, "{ width: 16, height: 8 }")));
        Assert.Equal((10, 15), Size(Resize(image, "{ width: 15 }")));
        Assert.Equal((40, 60), Size(Resize(image, "{ height: 40, interpolation: cubic }")));
        Assert.Equal((5, 8), Size(Resize(image, "{ scale: 0.25, interpolation: linear }")));
        Assert.Equal((1, 30), Size(Resize(Pictures.Coordinates(1, 200), "{ width: 30 }")));
    }

    [Fact]
    public void Resize_by_area_is_the_mean_of_the_pixels_covered()
    {
        var image = Pictures.Flat(2, 2, 0, 100, 200, 40);
        image.Pixels[0] = 40;

        Assert.Equal(new byte[] { 10, 100, 200, 40 }, Resize(image, "{ width: 1, height: 1 }").Pixels);
    }

    [Fact]
    public void Resize_moves_truth_to_the_nearest_pixel_centre()
    {
        var image = Pictures.Coordinates(1, 4);

        Assert.Equal(new ushort[] { 0, 0, 1, 1, 2, 2, 3, 3 }, Resize(image, "{ width: 8, height: 1 }").Truth!.Ids);
        Assert.Equal(new ushort[] { 1, 3 }, Resize(image, "{ width: 2, height: 1 }").Truth!.Ids);
        Assert.Equal(new ushort[] { 0, 2, 3 }, Resize(image, "{ width: 3, height: 1 }").Truth!.Ids);
    }

    [Fact]
    public void Resize_truth_has_no_label_that_was_not_there_and_keeps_all_when_it_grows() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 20], Gen.Int[1, 40], Gen.Int[1, 40]).Sample((h, w, newH, newW) =>
        {
            var before = Pictures.Coordinates(h, w);
            var after = Resize(before, $"{{ width: {newW}, height: {newH} }}");
            var set = after.Truth!.Ids.ToHashSet();
            return set.IsSubsetOf(before.Truth!.Ids) && (newH < h || newW < w || set.SetEquals(before.Truth.Ids)) && after.Truth.Ids.Length == newH * newW;
        });

    [Fact]
    public void Resize_refuses_what_no_array_holds() =>
        Assert.Equal("image.too_large", Resizing.Resize(Pictures.Coordinates(10, 10), new ResizingOptions(32768, 32768, null)).Fault().Code);

    [Fact]
    public void Crop_moves_image_and_truth_alike() =>
        Gen.Select(Gen.Int[1, 24], Gen.Int[1, 24], Gen.Int[1, 40], Gen.Int[1, 40], Gen.ULong).Sample((h, w, height, width, seed) =>
        {
            var crop = Cropping.Crop(Pictures.Coordinates(h, w), new CroppingOptions(width, height, CropPosition.Random, CropPadding.Zero), Pictures.Item(seed));
            return Size(crop) == (height, width) && AgreesWithTruth(crop) && crop.Truth!.Ids.Count(id => id != LabelMap.Ignore) == Math.Min(h, height) * Math.Min(w, width);
        });

    [Fact]
    public void Crop_in_the_centre_takes_the_middle()
    {
        var crop = Cropping.Crop(Pictures.Coordinates(5, 8), new CroppingOptions(2, 3, CropPosition.Centre, CropPadding.Reflect), Pictures.Item(1));

        Assert.Equal(new ushort[] { 0x0103, 0x0104, 0x0203, 0x0204, 0x0303, 0x0304 }, crop.Truth!.Ids);
    }

    [Fact]
    public void Crop_mirrors_pixels_but_ignores_truth_outside()
    {
        var crop = Cropping.Crop(Pictures.Coordinates(1, 3), new CroppingOptions(9, 1, CropPosition.Centre, CropPadding.Reflect), Pictures.Item(1));

        Assert.Equal(new byte[] { 1, 2, 1, 0, 1, 2, 1, 0, 1 }, crop.Pixels.Where((_, i) => i % 3 == 0));
        const ushort none = LabelMap.Ignore;
        Assert.Equal(new ushort[] { none, none, none, 0, 1, 2, none, none, none }, crop.Truth!.Ids);
    }

    [Fact]
    public void Crop_at_random_reaches_every_place_and_depends_on_the_seed_alone()
    {
        var image = Pictures.Coordinates(6, 7);
        var options = new CroppingOptions(5, 5, CropPosition.Random, CropPadding.Reflect);

        var corners = Enumerable.Range(0, 200).Select(i => Cropping.Crop(image, options, Pictures.Item((ulong)i)).Truth!.Ids[0]).ToList();

        Assert.Equal(new ushort[] { 0x000, 0x001, 0x002, 0x100, 0x101, 0x102 }, corners.Distinct().Order());
        Assert.Equal(corners, Enumerable.Range(0, 200).Select(i => Cropping.Crop(image, options, Pictures.Item((ulong)i)).Truth!.Ids[0]));
    }

    [Fact]
    public void Flip_twice_is_the_same_image()
    {
        var image = Pictures.Coordinates(5, 8, bands: 4);

        var once = Flipping.Flip(image, _both, Pictures.Item(3));
        var twice = Flipping.Flip(once, _both, Pictures.Item(4));

        Assert.True(AgreesWithTruth(once));
        Assert.Equal((ushort)0x0407, once.Truth!.Ids[0]);
        Assert.Equal(image.Pixels, twice.Pixels);
        Assert.Equal(image.Truth!.Ids, twice.Truth!.Ids);
    }

    [Fact]
    public void Flip_keeps_to_its_direction_and_its_probability()
    {
        var image = Pictures.Coordinates(3, 3);
        var corners = Enumerable.Range(0, 400).Select(i => Flipping.Flip(image, new FlippingOptions(0.25), Pictures.Item((ulong)i)).Truth!.Ids[0]).ToList();

        Assert.Equal(new ushort[] { 0x000, 0x002 }, corners.Distinct().Order());
        Assert.InRange(corners.Count(c => c == 0x002), 70, 130);
    }

    [Fact]
    public void Flip_decides_both_directions_independently()
    {
        var image = Pictures.Coordinates(3, 3);
        var corners = Enumerable.Range(0, 400).CountBy(i => Flipping.Flip(image, _both with { Probability = 0.5 }, Pictures.Item((ulong)i)).Truth!.Ids[0]);

        Assert.All(corners, corner => Assert.InRange(corner.Value, 65, 135));
        Assert.Equal(4, corners.Count());
    }

    private static RgbImage Resize(RgbImage image, string yaml) => Resizing.Resize(image, Pictures.Read(yaml, ResizingOptions.Read)).Value();

    private static (int Height, int Width) Size(RgbImage image) => (image.Height, image.Width);

    private static bool AgreesWithTruth(RgbImage image) => image.Truth!.Ids.Index().All(t =>
        t.Item == LabelMap.Ignore
            ? image.Pixels[t.Index * image.Bands] == 0
            : image.Pixels[t.Index * image.Bands] == (t.Item & 0xFF) && image.Pixels[(t.Index * image.Bands) + 1] == t.Item >> 8);
}
