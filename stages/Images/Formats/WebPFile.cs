namespace InMARS.Stages.Images.Formats;

/// <summary>The chunks of a WebP file (RFC 9649).</summary>
internal static class WebPFile
{
    public static bool Is(ReadOnlySpan<byte> file) =>
        file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8);

    public static ImageHeader? Header(ReadOnlySpan<byte> file) => file.Length < 30 ? null : file[15] switch
    {
        (byte)' ' when file[12..15].SequenceEqual("VP8"u8) && file[23..26].SequenceEqual<byte>([0x9D, 0x01, 0x2A]) =>
            Of(Octets.U16(file, 26, true) & 0x3FFF, Octets.U16(file, 28, true) & 0x3FFF, alpha: false),
        (byte)'L' when file[12..15].SequenceEqual("VP8"u8) && file[20] == 0x2F => Lossless(Octets.U32(file, 21, little: true)),
        (byte)'X' when file[12..15].SequenceEqual("VP8"u8) => Of(Octets.U24(file, 24) + 1, Octets.U24(file, 27) + 1, (file[20] & 0x10) != 0),
        _ => null,
    };

    public static bool IsWhole(ReadOnlySpan<byte> file) => Octets.U32(file, 4, little: true) + 8L <= file.Length;

    public static ReadOnlySpan<byte> Exif(ReadOnlySpan<byte> file)
    {
        long length;
        for (long at = 12; at + 8 <= file.Length; at += 8 + length + (length & 1))
        {
            length = Octets.U32(file, at + 4, little: true);
            if (file.Slice((int)at, 4).SequenceEqual("EXIF"u8) && at + 8 + length <= file.Length)
            {
                return file.Slice((int)at + 8, (int)length);
            }
        }

        return default;
    }

    private static ImageHeader Of(int width, int height, bool alpha) => new(ImageFormat.WebP, width, height, alpha ? 4 : 3, 8);

    private static ImageHeader Lossless(uint bits) => Of((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1, (bits >> 28 & 1) != 0);
}
