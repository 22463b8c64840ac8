using InMARS.Pipeline.Stages;
using OpenCvSharp;

namespace InMARS.Stages.Images;

/// <summary>Moves colours at random; geometry and truth stay.</summary>
/// <remarks>
/// All four changes are affine in red, green and blue (the turn of hue is one of chroma about the grey axis of YIQ, which
/// keeps luma), so they are one 3 x 4 matrix for each image, and values are cut to 0 to 255 once, at the end.
/// </remarks>
public static class Jittering
{
    // ITU-R BT.601 luma.
    private static readonly double[] _luma = [0.299, 0.587, 0.114];

    /// <summary>Changes one image as its seed says. A fourth band is left as it is.</summary>
    /// <returns>A fresh image with the same truth.</returns>
    public static RgbImage Jitter(RgbImage image, JitteringOptions options, ItemContext item)
    {
        var random = ItemRandom.Of(item);
        var brightness = Factor(random, options.Brightness);
        var contrast = Factor(random, options.Contrast);
        var saturation = Factor(random, options.Saturation);
        var turn = (Factor(random, options.Hue) - 1) * 2 * Math.PI;

        var pixels = item.Rent<byte>(image.Pixels.Length);
        using var from = OpenCv.View(image);
        using var to = OpenCv.View(pixels, image.Height, image.Width, image.Bands);
        var mean = Cv2.Mean(from);
        var meanGrey = brightness * ((_luma[0] * mean.Val0) + (_luma[1] * mean.Val1) + (_luma[2] * mean.Val2));
        using var matrix = Affine(Chroma(saturation, turn), brightness * contrast, (1 - contrast) * meanGrey, image.Bands);
        Cv2.Transform(from, to, matrix);
        return image.ReplacedBy(image with { Pixels = pixels }, item);
    }

    private static double Factor(Random random, double spread) => 1 + (((2 * random.NextDouble()) - 1) * spread);

    /// <summary>Turns and stretches chroma and keeps luma: grey + stretch * turn(colour - grey).</summary>
    private static double[,] Chroma(double stretch, double turn)
    {
        var toYiq = new[,] { { _luma[0], _luma[1], _luma[2] }, { 0.595716, -0.274453, -0.321263 }, { 0.211456, -0.522591, 0.311135 } };
        var (cos, sin) = (stretch * Math.Cos(turn), stretch * Math.Sin(turn));
        var change = new[,] { { 1.0, 0, 0 }, { 0, cos, -sin }, { 0, sin, cos } };
        return Product(Product(Inverse(toYiq), change), toYiq);
    }

    private static Mat Affine(double[,] colours, double gain, double offset, int bands)
    {
        var matrix = new Mat(bands, bands + 1, MatType.CV_32F, Scalar.All(0));
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                matrix.Set(row, column, (float)(gain * colours[row, column]));
            }

            matrix.Set(row, bands, (float)offset);
        }

        if (bands == 4)
        {
            matrix.Set(3, 3, 1f);
        }

        return matrix;
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        var product = new double[3, 3];
        for (var i = 0; i < 9; i++)
        {
            var (row, column) = (i / 3, i % 3);
            product[row, column] = (a[row, 0] * b[0, column]) + (a[row, 1] * b[1, column]) + (a[row, 2] * b[2, column]);
        }

        return product;
    }

    /// <summary>Inverse by cofactors.</summary>
    private static double[,] Inverse(double[,] m)
    {
        double Minor(int row, int column) =>
            (m[(row + 1) % 3, (column + 1) % 3] * m[(row + 2) % 3, (column + 2) % 3])
            - (m[(row + 1) % 3, (column + 2) % 3] * m[(row + 2) % 3, (column + 1) % 3]);

        var determinant = (m[0, 0] * Minor(0, 0)) + (m[0, 1] * Minor(0, 1)) + (m[0, 2] * Minor(0, 2));
        var inverse = new double[3, 3];
        for (var i = 0; i < 9; i++)
        {
            inverse[i % 3, i / 3] = Minor(i / 3, i % 3) / determinant;
        }

        return inverse;
    }
}
