using InMARS.Stages.Images;

namespace InMARS.Stages.Shards;

/// <summary>What a sample will take in memory once it is decoded; by its declared size, before anything is decoded.</summary>
public static class SampleSize
{
    private const int SuperpixelBytes = sizeof(int);
    private const int TruthBytes = sizeof(ushort);

    /// <summary>Bytes of the encoded image, its pixels of 3 or 4 bands, its superpixel labels and its truth.</summary>
    public static long OfImage(byte[] encoded) =>
        encoded.Length + ((ImageHeader.Read(encoded)?.Pixels ?? 0) * (4 + SuperpixelBytes + TruthBytes));

    /// <summary>Bytes of an encoded label map and of its ids.</summary>
    public static long OfMap(byte[] encoded) => encoded.Length + ((ImageHeader.Read(encoded)?.Pixels ?? 0) * TruthBytes);
}
