using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Images;

/// <summary>Small pictures, encoded and not, and short ways to hand them to the code under test.</summary>
internal static class Pictures
{
    public static readonly Origin Origin = new("shard.tar", "0001");

    /// <summary>A CMYK JPEG of 16 x 16 pixels, all of the colour 200, 100, 50, as ImageMagick writes it.</summary>
    public static readonly byte[] Cmyk = Convert.FromBase64String("/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB/9sAQwEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB/8AAFAgAEAAQBAERAAIRAQMRAQQRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAAICv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAWAQEBAQAAAAAAAAAAAAAAAAAACQr/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADgQBAAIRAxEEAAA/AIHWoZ12kAAAAB//2Q==");

    public static ItemContext Item(ulong seed) => new(0, 0, seed * 0x9E3779B97F4A7C15, 0);

    public static Sample Sample(byte[] image, byte[]? label = null) => new(Origin, "0001.jpg", image, label);

    /// <summary>The left columns of a picture file.</summary>
    public static byte[] LeftOf(string file, int columns)
    {
        using var picture = Cv2.ImRead(file);
        using var left = picture[new Rect(0, 0, columns, picture.Rows)].Clone();
        return left.ToBytes(".bmp");
    }

    /// <summary>Every pixel tells where it stood: red is the column, green the row; the truth is both.</summary>
    public static RgbImage Coordinates(int height, int width, int bands = 3)
    {
        var pixels = new byte[height * width * bands];
        var ids = new ushort[height * width];
        for (var i = 0; i < ids.Length; i++)
        {
            var (y, x) = (i / width, i % width);
            (pixels[i * bands], pixels[(i * bands) + 1], pixels[(i * bands) + 2]) = ((byte)x, (byte)y, 77);
            ids[i] = (ushort)((y << 8) | x);
        }

        return new RgbImage(Origin, height, width, bands, pixels, new LabelMap(height, width, ids));
    }

    /// <summary>A smooth random texture, so that JPEG and SLIC meet something like a photograph.</summary>
    public static RgbImage Texture(int height, int width, int seed = 1, int bands = 3)
    {
        var pixels = new byte[height * width * bands];
        new Random(seed).NextBytes(pixels);
        using var view = Mat.FromPixelData(height, width, MatType.CV_8UC(bands), pixels);
        Cv2.GaussianBlur(view, view, new Size(0, 0), 2);
        Cv2.Normalize(view, view, 0, 255, NormTypes.MinMax);
        return new RgbImage(Origin, height, width, bands, pixels);
    }

    public static RgbImage Flat(int height, int width, params byte[] colour) =>
        new(Origin, height, width, colour.Length, [.. Enumerable.Repeat(colour, height * width).SelectMany(c => c)]);

    public static byte[] Encode(string extension, RgbImage image, params ImageEncodingParam[] settings)
    {
        using var view = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC(image.Bands), image.Pixels);
        using var swapped = new Mat();
        Cv2.CvtColor(view, swapped, image.Bands == 4 ? ColorConversionCodes.RGBA2BGRA : ColorConversionCodes.RGB2BGR);
        return Encode(extension, swapped, settings);
    }

    public static byte[] Encode(string extension, Mat mat, params ImageEncodingParam[] settings)
    {
        Cv2.ImEncode(extension, mat, out var file, settings);
        return file;
    }

    public static byte[] Encode(string extension, int height, int width, ushort[] ids)
    {
        using var view = Mat.FromPixelData(height, width, MatType.CV_16UC1, ids);
        return Encode(extension, view);
    }

    public static byte[] Encode(string extension, int height, int width, byte[] ids)
    {
        using var view = Mat.FromPixelData(height, width, MatType.CV_8UC1, ids);
        return Encode(extension, view);
    }

    public static T Value<T>(this Result<T> result) => result.Match(value => value, fault => throw new InvalidOperationException(fault.ToString()));

    public static Fault Fault<T>(this Result<T> result) => result.Match(value => throw new InvalidOperationException($"{value}"), fault => fault);

    /// <summary>The value that a reader makes of YAML.</summary>
    public static T Read<T>(string yaml, Func<Fields, T> read) => Fields.Read(Node(yaml), read).Match(v => v, e => throw new InvalidOperationException(string.Join("; ", e)));

    /// <summary>The errors that a reader finds in YAML.</summary>
    public static IEnumerable<string> Errors<T>(string yaml, Func<Fields, T> read) => Fields.Read(Node(yaml), read).ErrorsOrNone.Select(e => e.ToString());

    private static ConfigNode Node(string yaml) => new(YamlText.Parse(yaml), "with", new ConfigFile("run.yaml"));
}
