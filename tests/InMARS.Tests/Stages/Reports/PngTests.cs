using CsCheck;
using InMARS.Stages.Reports;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Reports;

public class PngTests
{
    [Fact]
    public void Grey16_reads_back_in_another_reader() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40]).SelectMany(size => Gen.UShort.Array[size.Item1 * size.Item2].Select(px => (size, px))).Sample(
            x =>
            {
                using var read = Cv2.ImDecode(Png.Grey16(x.size.Item1, x.size.Item2, x.px), ImreadModes.Unchanged);
                return read.Type() == MatType.CV_16UC1 && read.GetArray(out ushort[] px) && px.SequenceEqual(x.px);
            },
            iter: 50);

    [Fact]
    public void Grey8_reads_back_in_another_reader()
    {
        byte[] pixels = [0, 1, 2, 3, 254, 255];

        using var read = Cv2.ImDecode(Png.Grey8(2, 3, pixels), ImreadModes.Unchanged);

        Assert.Equal((2, 3, MatType.CV_8UC1), (read.Rows, read.Cols, read.Type()));
        Assert.True(read.GetArray(out byte[] px));
        Assert.Equal(pixels, px);
    }

    [Fact]
    public void Rgb8_reads_back_in_another_reader()
    {
        using var read = Cv2.ImDecode(Png.Rgb8(1, 2, [10, 20, 30, 40, 50, 60]), ImreadModes.Color);

        Assert.Equal(new Vec3b(30, 20, 10), read.At<Vec3b>(0, 0));
        Assert.Equal(new Vec3b(60, 50, 40), read.At<Vec3b>(0, 1));
    }

    [Fact]
    public void Indexed8_shows_the_colours_of_the_palette()
    {
        using var read = Cv2.ImDecode(Png.Indexed8(1, 3, [1, 0, 1], [255, 0, 0, 0, 0, 255]), ImreadModes.Color);

        Assert.Equal(new Vec3b(255, 0, 0), read.At<Vec3b>(0, 0));
        Assert.Equal(new Vec3b(0, 0, 255), read.At<Vec3b>(0, 1));
    }

    [Fact]
    public void One_encoder_gives_the_same_files_as_new_ones() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Byte.Array[900]).Array[1, 5].Sample(
            pictures =>
            {
                using var encoder = new PngEncoder();
                return pictures.All(p =>
                {
                    var (height, width, bytes) = (p.Item1, p.Item2, p.Item3[..(p.Item1 * p.Item2)]);
                    ushort[] wide = [.. bytes];
                    int[] labels = [.. wide];
                    return encoder.Grey8(height, width, bytes).Span.SequenceEqual(Png.Grey8(height, width, bytes))
                        && encoder.Grey8(height, width, wide).Span.SequenceEqual(Png.Grey8(height, width, bytes))
                        && encoder.Grey16(height, width, labels).Span.SequenceEqual(Png.Grey16(height, width, wide))
                        && encoder.Indexed8(height, width, wide, [1, 2, 3]).Span.SequenceEqual(Png.Indexed8(height, width, bytes, [1, 2, 3]));
                });
            },
            iter: 50);

    [Fact]
    public void One_encoder_makes_no_new_arrays()
    {
        var pixels = new byte[200 * 300];
        using var encoder = new PngEncoder();
        _ = encoder.Grey8(200, 300, pixels);
        var before = GC.GetAllocatedBytesForCurrentThread();

        _ = encoder.Grey8(200, 300, pixels);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public void Grey8_refuses_pixels_that_do_not_fill_the_image() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Png.Grey8(2, 3, new byte[5]));
}
