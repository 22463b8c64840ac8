using InMARS.Stages.Images;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Images;

/// <summary>Resizing within the decoder, and JPEG at a part of its size.</summary>
public class ReducedDecodingTests
{
    public static TheoryData<int, int, string> Sizes => new()
    {
        { 480, 360, "{ width: 128, height: 96 }" },
        { 481, 359, "{ width: 128, height: 96 }" },
        { 481, 359, "{ width: 128 }" },
        { 333, 777, "{ height: 100 }" },
        { 479, 480, "{ scale: 0.25 }" },
        { 160, 160, "{ scale: 0.11 }" },
        { 65, 63, "{ width: 32, height: 32 }" },
        { 65, 63, "{ width: 33, height: 33 }" },
        { 64, 48, "{ width: 90, height: 20 }" },
        { 200, 120, "{ width: 1, height: 1 }" },
        { 9, 7, "{ scale: 2 }" },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Resize_within_the_decoder_gives_the_bits_of_the_step_behind_it(int width, int height, string resize)
    {
        foreach (var file in new[] { ".jpg", ".png" })
        {
            var sample = Pictures.Sample(Pictures.Encode(file, Pictures.Texture(height, width)), Label(height, width));
            var options = Options($"resize: {resize}");

            var within = new Decoding(options).Decode(sample).Value();
            var behind = Resizing.Resize(new Decoding(DecodingOptions.Default).Decode(sample).Value(), options.Resize!).Value();

            Assert.Equal((behind.Height, behind.Width), (within.Height, within.Width));
            Assert.Equal(behind.Pixels, within.Pixels);
            Assert.Equal(behind.Truth!.Ids, within.Truth!.Ids);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_reduced_JPEG_has_the_exact_size_and_truth_whichever_way_up(int width, int height, string resize)
    {
        foreach (var orientation in Enumerable.Range(1, 8))
        {
            var (upright, across) = orientation >= 5 ? (width, height) : (height, width);
            var file = CraftedFiles.WithExif(Pictures.Encode(".jpg", Pictures.Texture(height, width)), orientation);
            var sample = Pictures.Sample(file, Label(upright, across));

            var reduced = new Decoding(Options($"resize: {resize}\nreduced: auto")).Decode(sample).Value();
            var whole = new Decoding(Options($"resize: {resize}")).Decode(sample).Value();

            Assert.Equal((whole.Height, whole.Width), (reduced.Height, reduced.Width));
            Assert.Equal(whole.Truth!.Ids, reduced.Truth!.Ids);
            Assert.True(Difference(whole, reduced) < 12, $"orientation {orientation}: differs by {Difference(whole, reduced):0.0} grey levels on average");
        }
    }

    [Fact]
    public void Other_formats_are_decoded_whole()
    {
        foreach (var file in new[] { ".png", ".webp", ".tif", ".bmp" })
        {
            var sample = Pictures.Sample(Pictures.Encode(file, Pictures.Texture(200, 300)));

            Assert.Equal(
                new Decoding(Options("resize: { scale: 0.2 }")).Decode(sample).Value().Pixels,
                new Decoding(Options("resize: { scale: 0.2 }\nreduced: auto")).Decode(sample).Value().Pixels);
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3.75, 2)]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    [InlineData(20, 8)]
    public void The_factor_is_the_largest_that_leaves_enough(double scale, int factor)
    {
        var header = new ImageHeader(ImageFormat.Jpeg, 480, 360, 3, 8);

        Assert.Equal(
            factor,
            Reduction.For(header, Options($"resize: {{ scale: {(1 / scale).ToString(System.Globalization.CultureInfo.InvariantCulture)} }}\nreduced: auto")).Factor);
        Assert.Equal(1, Reduction.For(header, Options("resize: { scale: 0.6 }\nreduced: auto")).Factor);
        Assert.Equal(1, Reduction.For(header with { Format = ImageFormat.Png }, Options("resize: { scale: 0.1 }\nreduced: auto")).Factor);
        Assert.Equal(1, Reduction.For(header, Options("resize: { scale: 0.1 }")).Factor);
    }

    [Fact]
    public void A_reduced_photograph_is_what_the_whole_one_becomes_but_for_grain()
    {
        var photo = Pictures.Texture(360, 480);
        using var view = Mat.FromPixelData(360, 480, MatType.CV_8UC3, photo.Pixels);
        Cv2.GaussianBlur(view, view, new Size(0, 0), 2);
        var sample = Pictures.Sample(Pictures.Encode(".jpg", photo));

        var reduced = new Decoding(Options("resize: { width: 128, height: 96 }\nreduced: auto")).Decode(sample).Value();
        var whole = new Decoding(Options("resize: { width: 128, height: 96 }")).Decode(sample).Value();

        Assert.NotEqual(whole.Pixels, reduced.Pixels);
        Assert.True(Psnr(whole, reduced) > 35, $"PSNR {Psnr(whole, reduced):0.0} dB");
    }

    [Theory]
    [InlineData("reduced: auto", "expected never, or resize with area interpolation; found auto without it")]
    [InlineData("resize: { width: 9, interpolation: cubic }\nreduced: auto", "expected never, or resize with area interpolation; found auto without it")]
    [InlineData("resize: { width: 9, scale: 0.5 }", "expected either scale or width and height, found both")]
    public void What_does_not_fit_together_is_refused(string yaml, string message) =>
        Assert.Contains(message, string.Join('\n', Pictures.Errors(yaml, DecodingOptions.Read)));

    private static DecodingOptions Options(string yaml) => Pictures.Read(yaml, DecodingOptions.Read);

    private static byte[] Label(int height, int width) =>
        InMARS.Stages.Reports.Png.Grey8(height, width, [.. Enumerable.Range(0, height * width).Select(i => (byte)(i * 7))]);

    private static double Difference(RgbImage a, RgbImage b) => a.Pixels.Zip(b.Pixels).Average(pair => Math.Abs(pair.First - pair.Second));

    private static double Psnr(RgbImage a, RgbImage b) =>
        10 * Math.Log10(255.0 * 255 / a.Pixels.Zip(b.Pixels).Average(pair => Math.Pow(pair.First - pair.Second, 2)));
}
