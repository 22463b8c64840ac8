using OpenCvSharp;

namespace InMARS.Stages.Images;

/// <summary>The door to OpenCV: whoever enters finds it set up once for the process.</summary>
/// <remarks>One thread, because stages run in parallel over images; silent, because faults carry what it would print.</remarks>
internal static class OpenCv
{
    static OpenCv()
    {
        Cv2.SetNumThreads(1);
        Cv2.SetLogLevel(LogLevel.SILENT);
    }

    /// <summary>Version of the native library.</summary>
    public static string Version => Cv2.GetVersionString() ?? "";

    /// <summary>A matrix over managed pixels, which stay where they are until it is disposed; writing to it writes to them.</summary>
    public static Mat View(byte[] pixels, int height, int width, int bands) =>
        Mat.FromPixelData(height, width, MatType.CV_8UC(bands), pixels);

    /// <summary>A matrix over the pixels of an image, to read from.</summary>
    public static Mat View(RgbImage image) => View(image.Pixels, image.Height, image.Width, image.Bands);

    /// <summary>Decodes a file; null when OpenCV cannot. The caller owns the matrix.</summary>
    public static Mat? Decode(ReadOnlySpan<byte> file, ImreadModes modes)
    {
        try
        {
            var image = Cv2.ImDecode(file, modes);
            if (!image.Empty())
            {
                return image;
            }

            image.Dispose();
            return null;
        }
        catch (OpenCVException)
        {
            return null;
        }
    }

    /// <summary>The red, green and blue of an image in 8-bit CIELAB. The caller owns the matrix.</summary>
    /// <param name="blur">Standard deviation of a Gaussian blur, in pixels; 0 for none.</param>
    public static Mat Lab(RgbImage image, double blur = 0)
    {
        using var view = View(image);
        var lab = new Mat();
        Cv2.CvtColor(view, lab, image.Bands == 4 ? ColorConversionCodes.RGBA2RGB : ColorConversionCodes.RGB2Lab);
        if (image.Bands == 4)
        {
            Cv2.CvtColor(lab, lab, ColorConversionCodes.RGB2Lab);
        }

        if (blur > 0)
        {
            Cv2.GaussianBlur(lab, lab, new Size(0, 0), blur);
        }

        return lab;
    }
}
