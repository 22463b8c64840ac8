using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace InMARS.Stages.Batching;

/// <summary>Interleaved bytes to planes of floats.</summary>
internal static class Planes
{
    private const int Lanes = 4;

    /// <summary>Splits interleaved pixels into one plane a band.</summary>
    /// <param name="pixels">Interleaved, <c>[length, bands]</c>; <paramref name="bands"/> is 1 to 4.</param>
    /// <param name="planes">Receives values of 0 to 1; plane b starts at <c>b * stride</c>.</param>
    /// <param name="stride">Distance of planes, at least the number of pixels.</param>
    public static void Split(ReadOnlySpan<byte> pixels, int bands, Span<float> planes, int stride)
    {
        var count = pixels.Length / bands;
        for (var band = 0; band < bands; band++)
        {
            SplitOne(pixels, bands, band, planes.Slice(band * stride, count));
        }
    }

    private static void SplitOne(ReadOnlySpan<byte> pixels, int bands, int band, Span<float> plane)
    {
        ref var from = ref MemoryMarshal.GetReference(pixels);
        var pick = Pick(bands, band);
        var i = 0;
        for (; i * bands + Vector128<byte>.Count <= pixels.Length; i += Lanes)
        {
            var bytes = Vector128.LoadUnsafe(ref from, (nuint)(i * bands));
            var values = Vector128.ConvertToSingle(Vector128.Shuffle(bytes, pick).AsInt32());
            (values / 255f).CopyTo(plane[i..]);
        }

        for (; i < plane.Length; i++)
        {
            plane[i] = pixels[(i * bands) + band] / 255f;
        }
    }

    /// <summary>Indices that move one band of four pixels into the low bytes of four integers; 255 gives zero.</summary>
    private static Vector128<byte> Pick(int bands, int band)
    {
        Span<byte> indices = stackalloc byte[Vector128<byte>.Count];
        indices.Fill(byte.MaxValue);
        for (var lane = 0; lane < Lanes; lane++)
        {
            indices[lane * sizeof(int)] = (byte)((lane * bands) + band);
        }

        return Vector128.Create<byte>(indices);
    }
}
