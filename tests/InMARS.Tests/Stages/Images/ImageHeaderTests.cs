using CsCheck;
using InMARS.Stages.Images;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Images;

public class ImageHeaderTests
{
    private static readonly RgbImage _photo = Pictures.Texture(24, 37);

    public static TheoryData<string, ImageFormat, int, int> Encoded => new()
    {
        { ".jpg", ImageFormat.Jpeg, 3, 3 },
        { ".png", ImageFormat.Png, 3, 3 },
        { ".png", ImageFormat.Png, 4, 4 },
        { ".webp", ImageFormat.WebP, 3, 3 },
        { ".webp", ImageFormat.WebP, 4, 4 },
        { ".tif", ImageFormat.Tiff, 3, 3 },
        { ".bmp", ImageFormat.Bmp, 3, 3 },
        { ".bmp", ImageFormat.Bmp, 4, 4 },
    };

    [Theory]
    [MemberData(nameof(Encoded))]
    public void Read_gives_what_the_encoder_wrote(string extension, ImageFormat format, int bands, int declared)
    {
        var file = Pictures.Encode(extension, Pictures.Texture(24, 37, bands: bands));

        Assert.Equal(new ImageHeader(format, 37, 24, declared, 8), ImageHeader.Read(file));
    }

    [Fact]
    public void Read_knows_both_kinds_of_simple_webp()
    {
        var lossless = Pictures.Encode(".webp", _photo, new ImageEncodingParam(ImwriteFlags.WebPQuality, 101));
        var lossy = Pictures.Encode(".webp", _photo, new ImageEncodingParam(ImwriteFlags.WebPQuality, 80));

        var expected = new ImageHeader(ImageFormat.WebP, 37, 24, 3, 8);
        Assert.Equal(expected, ImageHeader.Read(lossless));
        Assert.Equal(expected, ImageHeader.Read(lossy));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_takes_tiff_of_either_byte_order(bool little)
    {
        var file = CraftedFiles.Tiff(5, 3, 4, new byte[5 * 3 * 8], bits: 16, little: little);

        Assert.Equal(new ImageHeader(ImageFormat.Tiff, 5, 3, 4, 16), ImageHeader.Read(file));
    }

    [Fact]
    public void Read_gives_null_for_bigtiff_and_for_other_files()
    {
        Assert.Null(ImageHeader.Read([0x49, 0x49, 43, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Null(ImageHeader.Read("GIF89a: not read here, and long enough"u8));
        Assert.Null(ImageHeader.Read([]));
    }

    [Fact]
    public void Read_gives_sixteen_bits_and_one_band_of_a_grey_png() =>
        Assert.Equal(new ImageHeader(ImageFormat.Png, 3, 2, 1, 16), ImageHeader.Read(Pictures.Encode(".png", 2, 3, new ushort[6])));

    [Fact]
    public void Read_finds_the_frame_behind_a_thumbnail()
    {
        var thumbnail = Pictures.Encode(".jpg", Pictures.Texture(8, 8));
        var photo = Pictures.Encode(".jpg", _photo);
        byte[] file = [.. photo[..2], 0xFF, 0xE1, (byte)((thumbnail.Length + 2) >> 8), (byte)(thumbnail.Length + 2), .. thumbnail, .. photo[2..]];

        Assert.Equal(new ImageHeader(ImageFormat.Jpeg, 37, 24, 3, 8), ImageHeader.Read(file));
    }

    [Theory]
    [MemberData(nameof(Encoded))]
    public void Read_never_throws_on_a_file_cut_short(string extension, ImageFormat format, int bands, int declared)
    {
        var file = Pictures.Encode(extension, Pictures.Texture(24, 37, bands: bands));

        for (var length = 0; length < file.Length; length++)
        {
            var header = ImageHeader.Read(file.AsSpan(0, length));
            Assert.True(header is null || header == new ImageHeader(format, 37, 24, declared, 8), $"at {length}: {header}");
        }
    }

    [Fact]
    public void Read_never_throws_on_garbage_behind_a_signature()
    {
        byte[][] signatures =
        [
            [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8], [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8"u8],
            [0x49, 0x49, 42, 0, 8, 0, 0, 0], [0x4D, 0x4D, 0, 42, 0, 0, 0, 8], [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0], [],
        ];

        Gen.Select(Gen.Int[0, signatures.Length - 1], Gen.Byte.Array[0, 200]).Sample((which, garbage) =>
        {
            byte[] file = [.. signatures[which], .. garbage];
            var header = ImageHeader.Read(file);
            _ = header?.IsWhole(file);
            return header is null or { Width: >= 0, Height: >= 0, Pixels: >= 0 };
        });
    }
}
