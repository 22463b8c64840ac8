namespace InMARS.Stages.Images.Formats;

/// <summary>Numbers within bytes that nobody vouches for: what lies beyond the end reads as 0.</summary>
internal static class Octets
{
    public static int U8(ReadOnlySpan<byte> bytes, long at) => at >= 0 && at < bytes.Length ? bytes[(int)at] : 0;

    public static int U16(ReadOnlySpan<byte> bytes, long at, bool little) => little
        ? U8(bytes, at) | (U8(bytes, at + 1) << 8)
        : (U8(bytes, at) << 8) | U8(bytes, at + 1);

    public static int U24(ReadOnlySpan<byte> bytes, long at) => U16(bytes, at, little: true) | (U8(bytes, at + 2) << 16);

    public static uint U32(ReadOnlySpan<byte> bytes, long at, bool little) => little
        ? (uint)U16(bytes, at, true) | ((uint)U16(bytes, at + 2, true) << 16)
        : ((uint)U16(bytes, at, false) << 16) | (uint)U16(bytes, at + 2, false);

    /// <summary>A length as a header may claim it, cut to what an <see cref="int"/> holds.</summary>
    public static int Clamp(long length) => (int)Math.Min(Math.Abs(length), int.MaxValue);
}
