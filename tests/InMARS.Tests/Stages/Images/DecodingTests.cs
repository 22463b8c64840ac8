using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;
using InMARS.Stages.Images.Formats;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Images;

public class DecodingTests
{
    private static readonly RgbImage _photo = Pictures.Texture(24, 37);
    private static readonly Decoding _three = new(DecodingOptions.Default);
    private static readonly Decoding _four = new(DecodingOptions.Default with { Bands = 4 });

    [Theory]
    [InlineData(".png")]
    [InlineData(".tif")]
    [InlineData(".bmp")]
    [InlineData(".webp")]
    public void Decode_gives_the_pixels_that_were_encoded(string extension)
    {
        var file = Pictures.Encode(extension, _photo, extension == ".webp" ? [new ImageEncodingParam(ImwriteFlags.WebPQuality, 101)] : []);

        var image = Decode(file).Value();

        Assert.Equal((24, 37, 3, Pictures.Origin), (image.Height, image.Width, image.Bands, image.Origin));
        Assert.Equal(_photo.Pixels, image.Pixels);
    }

    [Fact]
    public void Decode_gives_a_jpeg_nearly_as_it_was()
    {
        var image = Decode(Pictures.Encode(".jpg", Pictures.Flat(16, 24, 200, 100, 50))).Value();

        Assert.Equal((16, 24, 3), (image.Height, image.Width, image.Bands));
        AssertNear([200, 100, 50], image.Pixels);
    }

    [Fact]
    public void Decode_converts_cmyk() => AssertNear([200, 100, 50], Decode(Pictures.Cmyk).Value().Pixels);

    [Fact]
    public void Decode_gives_grey_as_three_equal_bands() =>
        Assert.Equal(new byte[] { 9, 9, 9, 250, 250, 250 }, Decode(Pictures.Encode(".png", 1, 2, new byte[] { 9, 250 })).Value().Pixels);

    [Fact]
    public void Decode_scales_sixteen_bits_to_eight() =>
        Assert.Equal(
            new byte[] { 0, 0, 0, 1, 1, 1, 128, 128, 128, 255, 255, 255 },
            Decode(Pictures.Encode(".png", 1, 4, new ushort[] { 128, 257, 128 * 257, 65535 })).Value().Pixels);

    [Fact]
    public void Decode_drops_alpha_from_three_bands_and_keeps_it_in_four()
    {
        var file = Pictures.Encode(".png", Pictures.Flat(2, 2, 10, 20, 30, 128));

        Assert.Equal(Pictures.Flat(2, 2, 10, 20, 30).Pixels, Decode(file).Value().Pixels);
        Assert.Equal(Pictures.Flat(2, 2, 10, 20, 30, 128).Pixels, _four.Decode(Pictures.Sample(file)).Value().Pixels);
    }

    [Theory]
    [InlineData(2, -1)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(1, -1)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    public void Decode_gives_four_tiff_bands_as_stored_whatever_they_are_marked_as(int photometric, int extra)
    {
        byte[] stored = [200, 100, 50, 40, 10, 20, 30, 128];

        var eight = CraftedFiles.Tiff(2, 1, 4, stored, photometric, extra);
        var sixteen = CraftedFiles.Tiff(2, 1, 4, [.. stored.SelectMany(b => new[] { b, b })], photometric, extra, bits: 16, little: false);

        Assert.Equal(stored, _four.Decode(Pictures.Sample(eight)).Value().Pixels);
        Assert.Equal(stored, _four.Decode(Pictures.Sample(sixteen)).Value().Pixels);
        Assert.Equal(new byte[] { 200, 100, 50, 10, 20, 30 }, Decode(eight).Value().Pixels);
    }

    [Fact]
    public void Decode_refuses_fewer_bands_than_asked_for()
    {
        Assert.Equal(new Fault("image.bands", "expected 4 bands, found 3"), _four.Decode(Pictures.Sample(Pictures.Encode(".png", _photo))).Fault());
        Assert.Equal(new Fault("image.bands", "expected 4 bands, found 3 after decoding"), _four.Decode(Pictures.Sample(Pictures.Cmyk)).Fault());
        Assert.Equal(new Fault("image.bands", "expected 1 to 4 bands, found 5"), Decode(CraftedFiles.Tiff(1, 1, 5, new byte[5])).Fault());
    }

    /// <summary>Where the first pixel of the stored image, which is red, stands in the upright one: row, column.</summary>
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 0, 2)]
    [InlineData(3, 1, 2)]
    [InlineData(4, 1, 0)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 0, 1)]
    [InlineData(7, 2, 1)]
    [InlineData(8, 2, 0)]
    public void Decode_turns_images_upright(int orientation, int row, int column)
    {
        var stored = Pictures.Flat(2, 3, 0, 0, 0, 255);
        stored.Pixels[0] = 255;
        var large = Pictures.Flat(32, 48, 0, 0, 0);
        foreach (var i in Enumerable.Range(0, 16 * 16))
        {
            large.Pixels[(((i / 16) * 48) + (i % 16)) * 3] = 255;
        }

        AssertRedAt(row, column, _four.Decode(Pictures.Sample(CraftedFiles.WithExifChunk(Pictures.Encode(".png", stored), orientation))).Value(), 1);
        AssertRedAt(row, column, Decode(CraftedFiles.WithExifChunk(Pictures.Encode(".png", stored), orientation)).Value(), 1);
        AssertRedAt(row, column, Decode(CraftedFiles.WithExif(Pictures.Encode(".jpg", large), orientation)).Value(), 16);
    }

    [Fact]
    public void Decode_refuses_by_declared_size_before_it_allocates()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Decode(CraftedFiles.HugePng(60_000, 60_000)).Fault();

        Assert.Equal(
            new Fault("image.too_large", "the PNG header declares 60000 x 60000 pixels; at most 100000000 (max_pixels) are decoded"), fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_JPEG_of_many_scans_is_refused_before_it_is_decoded()
    {
        var jpeg = Pictures.Encode(".jpg", Pictures.Texture(16, 16), new ImageEncodingParam(ImwriteFlags.JpegProgressive, 1));
        var scan = jpeg.AsSpan().LastIndexOf<byte>([0xFF, 0xDA]);
        byte[] bomb = [.. jpeg[..^2], .. Enumerable.Repeat(jpeg[scan..^2], 200).SelectMany(b => b), 0xFF, 0xD9];
        var scans = JpegFile.Scans(bomb);

        Assert.Equal(JpegFile.Scans(jpeg) + 200, scans);
        Assert.Equal(new Fault("image.too_large", $"the JPEG data come in {scans} scans, each over all pixels; at most 100 are decoded"), Decode(bomb).Fault());
        Assert.Equal("label.too_large", Admission.Check(bomb, "label", 1000).Fault().Code);
    }

    [Fact]
    public void A_TIFF_of_giant_tiles_is_refused_before_they_are_allocated()
    {
        var tiff = CraftedFiles.Tiff(2, 2, 3, new byte[12]);
        foreach (var (entry, tag) in new[] { (7, 322), (9, 323) })
        {
            byte[] tile = [(byte)tag, (byte)(tag >> 8), 4, 0, 1, 0, 0, 0, 0x60, 0xEA, 0, 0];
            tile.CopyTo(tiff, 10 + (12 * entry));
        }

        Assert.Equal(
            new Fault("image.too_large", "the TIFF header declares tiles of 60000 x 60000 pixels; at most 100000000 (max_pixels) are decoded"), Decode(tiff).Fault());
    }

    [Fact]
    public void Decode_refuses_images_without_pixels()
    {
        Assert.Equal(new Fault("image.empty", "the PNG header declares 0 x 0 pixels"), Decode(CraftedFiles.HugePng(0, 0)).Fault());
        Assert.Equal(new Fault("image.empty", "expected an image, found a file of 0 bytes"), Decode([]).Fault());
    }

    [Fact]
    public void Decode_says_what_it_found_instead_of_an_image()
    {
        Assert.Equal(
            new Fault("image.format", "expected JPEG, PNG, WebP, TIFF or BMP, found text that begins with '<!DOCTYPE html>'"),
            Decode([.. "<!DOCTYPE html>\n<html>"u8]).Fault());
        Assert.Equal(
            new Fault("image.format", "expected JPEG, PNG, WebP, TIFF or BMP, found bytes that begin with 00010203"), Decode([0, 1, 2, 3, 4]).Fault());
        Assert.Equal(new Fault("image.decode", "the JPEG header is cut short or damaged"), Decode([0xFF, 0xD8, 0xFF, 0xE0, 0, 16]).Fault());
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp")]
    [InlineData(".tif")]
    [InlineData(".bmp")]
    public void Decode_refuses_a_file_cut_anywhere(string extension)
    {
        var file = Pictures.Encode(extension, Pictures.Texture(60, 80));

        foreach (var length in Enumerable.Range(0, 60).Select(i => i * file.Length / 60).Append(file.Length - 1))
        {
            Assert.StartsWith("image.", Decode(file[..length]).Fault().Code);
        }
    }

    [Fact]
    public void Decode_refuses_a_jpeg_without_its_end_though_a_thumbnail_has_one()
    {
        var thumbnail = Pictures.Encode(".jpg", Pictures.Texture(8, 8));
        var photo = Pictures.Encode(".jpg", _photo);
        byte[] file = [.. photo[..2], 0xFF, 0xE1, (byte)((thumbnail.Length + 2) >> 8), (byte)(thumbnail.Length + 2), .. thumbnail, .. photo[2..^2]];

        Assert.Equal(new Fault("image.decode", "the JPEG data are truncated or damaged"), Decode(file).Fault());
    }

    [Fact]
    public void Decode_refuses_floating_point_values()
    {
        using var mat = new Mat(4, 4, MatType.CV_32FC3, Scalar.All(0.5));

        Assert.Equal("image.depth", Decode(Pictures.Encode(".tif", mat)).Fault().Code);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Decode_refuses_values_that_are_not_of_8_or_16_bits_in_any_number_of_bands(int depth)
    {
        using var four = new Mat(4, 4, MatType.MakeType(depth, 4), Scalar.All(1));
        using var three = new Mat(4, 4, MatType.MakeType(depth, 3), Scalar.All(1));

        Assert.Equal("image.depth", _four.Decode(Pictures.Sample(Pictures.Encode(".tif", four))).Fault().Code);
        Assert.Equal("image.depth", Decode(Pictures.Encode(".tif", three)).Fault().Code);
    }

    [Fact]
    public void Decode_never_throws_on_damaged_files()
    {
        var random = new Random(5);
        foreach (var file in new[] { ".jpg", ".png", ".webp", ".tif", ".bmp" }.Select(e => Pictures.Encode(e, _photo)))
        {
            for (var i = 0; i < 100; i++)
            {
                var damaged = (byte[])file.Clone();
                damaged[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));

                var outcome = Decode(damaged).Match(image => image.Pixels.Length == image.Height * image.Width * 3 ? "ok" : "wrong", fault => fault.Code);
                Assert.Matches("^(ok|image\\..*)$", outcome);
            }
        }
    }

    private static Result<RgbImage> Decode(byte[] file) => _three.Decode(Pictures.Sample(file));

    private static void AssertNear(byte[] colour, byte[] pixels) =>
        Assert.All(pixels.Chunk(3), pixel => Assert.All(pixel.Zip(colour), pair => Assert.InRange(pair.First - pair.Second, -4, 4)));

    private static void AssertRedAt(int row, int column, RgbImage image, int scale)
    {
        var at = (((row * scale) + (scale / 2)) * image.Width) + (column * scale) + (scale / 2);
        var red = Enumerable.Range(0, image.Height * image.Width).Where(i => image.Pixels[i * image.Bands] > 128).ToList();

        Assert.Equal(scale == 1 ? 6 : 32 * 48, image.Height * image.Width);
        Assert.Contains(at, red);
        Assert.InRange(red.Count, scale * scale * 0.8, scale * scale * 1.2);
    }
}
