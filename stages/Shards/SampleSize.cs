using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;

namespace InMARS.Stages.Shards;

/// <summary>What a sample will take in memory once it is decoded; by its declared size, before anything is decoded.</summary>
public static class SampleSize
{
    private const int SuperpixelBytes = sizeof(int);
    private const int TruthBytes = sizeof(ushort);

    /// <summary>Declared pixels that no setting of <c>max_pixels</c> lets through; such a file is refused, so it takes no more than its bytes.</summary>
    private const long NeverDecoded = 500_000_000;

    /// <summary>Bytes of the encoded image, its pixels of 3 or 4 bands, its superpixel labels and its truth.</summary>
    public static long OfImage(ReadOnlySpan<byte> encoded) =>
        encoded.Length + (Pixels(encoded) * (4 + SuperpixelBytes + TruthBytes));

    /// <summary>Sides of the image, in pixels; null where its header cannot be read, or tells what no image has.</summary>
    public static Extent? ExtentOf(Sample sample) => ImageHeader.Read(sample.Image.Span) is { Pixels: > 0 and <= NeverDecoded } header
        ? new Extent(header.Height, header.Width)
        : null;

    /// <summary>Bytes of an encoded label map and of its ids.</summary>
    public static long OfMap(ReadOnlySpan<byte> encoded) => encoded.Length + (Pixels(encoded) * TruthBytes);

    private static long Pixels(ReadOnlySpan<byte> encoded) => ImageHeader.Read(encoded) is { Pixels: <= NeverDecoded } header ? header.Pixels : 0;
}
