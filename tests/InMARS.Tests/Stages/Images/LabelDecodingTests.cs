using CsCheck;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;

namespace InMARS.Tests.Stages.Images;

public class LabelDecodingTests
{
    private static readonly LabelOptions _keep = LabelOptions.Default;

    [Fact]
    public void Decode_keeps_ids_and_ignores_the_ignore_id() =>
        Assert.Equal(new ushort[] { 0, 7, LabelMap.Ignore, 3 }, Ids(Pictures.Encode(".png", 2, 2, new byte[] { 0, 7, 255, 3 }), 2, 2, _keep));

    [Fact]
    public void Decode_keeps_sixteen_bits() =>
        Assert.Equal(new ushort[] { 300, 65534 }, Ids(Pictures.Encode(".png", 1, 2, new ushort[] { 300, 65534 }), 1, 2, _keep));

    [Fact]
    public void Decode_numbers_classes_in_the_order_of_the_file()
    {
        var options = Pictures.Read("classes: { road: [3, 4], sky: [0] }\nignore: 9", LabelOptions.Read);

        var ids = Ids(Pictures.Encode(".png", 1, 5, new byte[] { 0, 3, 4, 9, 200 }), 1, 5, options);

        Assert.Equal(new ushort[] { 1, 0, 0, LabelMap.Ignore, LabelMap.Ignore }, ids);
    }

    [Fact]
    public void Decode_names_an_id_that_is_in_no_class_when_strict()
    {
        var options = Pictures.Read("classes: { road: [3] }\nstrict: true", LabelOptions.Read);

        var allowed = Decode(Pictures.Encode(".png", 1, 2, new byte[] { 3, 255 }), 1, 2, options);
        var refused = Decode(Pictures.Encode(".png", 2, 2, new byte[] { 3, 255, 8, 9 }), 2, 2, options);

        Assert.Equal(new ushort[] { 0, LabelMap.Ignore }, allowed.Value().Truth!.Ids);
        Assert.Equal(new Fault("label.unknown_id", "id 8 is in no class; it stands first at pixel 2, counted row by row"), refused.Fault());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Decode_gives_palette_indices_and_grey_levels_as_stored(int bits)
    {
        var (width, height) = (13, 5);
        var values = new ushort[width * height];
        var random = new Random(bits);
        var rows = Enumerable.Range(0, height).SelectMany(y =>
        {
            var row = new byte[1 + (((width * bits) + 7) / 8)];
            for (var x = 0; x < width; x++)
            {
                var value = random.Next(Math.Min(1 << bits, 200));
                values[(y * width) + x] = (ushort)value;
                row[1 + (x * bits / 8)] |= (byte)(value << (8 - bits - (x * bits % 8)));
            }

            return row;
        }).ToArray();

        Assert.Equal(values, Ids(CraftedFiles.Png(width, height, bits, colourType: 3, rows), height, width, _keep));
        Assert.Equal(values, Ids(CraftedFiles.Png(width, height, bits, colourType: 0, rows), height, width, _keep));
    }

    [Fact]
    public void Decode_undoes_every_filter()
    {
        // Rows of 3 pixels: none, sub, up, average, Paeth; each decodes to 10, 20, 30 plus the row.
        byte[] rows =
        [
            0, 10, 20, 30,
            1, 11, 10, 10,
            2, 1, 1, 1,
            3, 13 - 6, 23 - 17, 33 - 27,
            4, 1, 1, 1,
        ];

        Assert.Equal(
            new ushort[] { 10, 20, 30, 11, 21, 31, 12, 22, 32, 13, 23, 33, 14, 24, 34 },
            Ids(CraftedFiles.Png(3, 5, 8, 0, rows), 5, 3, _keep));
    }

    [Fact]
    public void Decode_puts_the_passes_of_an_interlaced_png_together()
    {
        // Adam7 of 3 x 3: pass 1 has pixel 0; pass 4 pixel 2; pass 5 pixels 6 and 8; pass 6 pixels 1 and 7; pass 7 the middle row.
        byte[] rows = [0, 0, 0, 2, 0, 6, 8, 0, 1, 0, 7, 0, 3, 4, 5];

        Assert.Equal(new ushort[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 }, Ids(CraftedFiles.Png(3, 3, 8, 3, rows, interlaced: true), 3, 3, _keep));
    }

    [Fact]
    public void Decode_agrees_with_the_encoder_on_any_grey_png() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int).Sample((height, width, seed) =>
        {
            using var noise = OpenCvSharp.Mat.FromPixelData(height, width, OpenCvSharp.MatType.CV_8UC1, Bytes(height * width, seed));
            var ids = Bytes(height * width, seed);
            return Ids(Pictures.Encode(".png", noise), height, width, _keep with { Ignore = null }).SequenceEqual(ids.Select(b => (ushort)b));
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Decode_gives_tiff_values_as_stored_whatever_they_show(int photometric) =>
        Assert.Equal(new ushort[] { 0, 1, 7, 200 }, Ids(CraftedFiles.Tiff(2, 2, 1, [0, 1, 7, 200], photometric), 2, 2, _keep));

    [Fact]
    public void Decode_refuses_colours_and_lossy_files()
    {
        var photo = Pictures.Texture(4, 4);

        Assert.Equal(new Fault("label.bands", "expected one band of ids, found 3 bands"), Decode(Pictures.Encode(".png", photo), 4, 4, _keep).Fault());
        Assert.Equal(
            new Fault("label.format", "expected PNG or TIFF, which keep ids exactly, found JPEG"), Decode(Pictures.Encode(".jpg", photo), 4, 4, _keep).Fault());
    }

    [Fact]
    public void Decode_refuses_a_label_map_of_another_size()
    {
        var fault = Decode(Pictures.Encode(".png", 3, 2, new byte[6]), 2, 3, _keep).Fault();

        Assert.Equal(new Fault("label.size", "expected 3 x 2 pixels as in the image, found 2 x 3"), fault);
    }

    [Fact]
    public void Decode_refuses_a_huge_label_map_before_it_allocates() =>
        Assert.Equal("label.too_large", Decode(CraftedFiles.HugePng(60_000, 60_000), 2, 3, _keep).Fault().Code);

    [Fact]
    public void Decode_looks_at_labels_only_as_told()
    {
        var image = Pictures.Encode(".png", Pictures.Texture(2, 2));

        Assert.Null(Decoding(_keep).Decode(Pictures.Sample(image)).Value().Truth);
        Assert.Null(Decoding(_keep with { Use = false }).Decode(Pictures.Sample(image, [1, 2, 3])).Value().Truth);
        Assert.Equal(
            new Fault("label.missing", "the sample has no label map"),
            Decoding(_keep with { Required = true }).Decode(Pictures.Sample(image)).Fault());
        Assert.Equal("label.format", Decoding(_keep).Decode(Pictures.Sample(image, [1, 2, 3])).Fault().Code);
    }

    [Fact]
    public void Decode_refuses_label_maps_cut_anywhere()
    {
        var file = Pictures.Encode(".png", 20, 20, Bytes(400, 3));

        for (var length = 0; length < file.Length; length++)
        {
            Assert.StartsWith("label.", Decode(file[..length], 20, 20, _keep).Fault().Code);
        }
    }

    [Fact]
    public void Decode_refuses_pixels_that_are_too_few_or_filtered_in_no_known_way()
    {
        Assert.Equal("label.decode", Decode(CraftedFiles.Png(3, 2, 8, 3, [0, 1, 2, 3, 0, 1]), 2, 3, _keep).Fault().Code);
        Assert.Equal("label.decode", Decode(CraftedFiles.Png(3, 1, 8, 3, [9, 1, 2, 3]), 1, 3, _keep).Fault().Code);
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static ushort[] Ids(byte[] label, int height, int width, LabelOptions options) => Decode(label, height, width, options).Value().Truth!.Ids;

    private static Result<RgbImage> Decode(byte[] label, int height, int width, LabelOptions options) =>
        Decoding(options).Decode(Pictures.Sample(Pictures.Encode(".png", Pictures.Texture(height, width)), label));

    private static Decoding Decoding(LabelOptions options) => new(DecodingOptions.Default with { Labels = options });
}
