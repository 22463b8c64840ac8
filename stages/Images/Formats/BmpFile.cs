namespace InMARS.Stages.Images.Formats;

/// <summary>The header of a Windows or OS/2 bitmap.</summary>
internal static class BmpFile
{
    private const uint Os2HeaderSize = 12;

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith("BM"u8) && Octets.U32(file, 14, little: true) is >= Os2HeaderSize and <= 124;

    public static ImageHeader? Header(ReadOnlySpan<byte> file) => Octets.U32(file, 14, little: true) switch
    {
        Os2HeaderSize when file.Length >= 26 => Of(Octets.U16(file, 18, true), Octets.U16(file, 20, true), Octets.U16(file, 24, true)),
        >= 40 when file.Length >= 30 => Of((int)Octets.U32(file, 18, true), (int)Octets.U32(file, 22, true), Octets.U16(file, 28, true)),
        _ => null,
    };

    // A negative height means that the top row comes first.
    private static ImageHeader Of(int width, int height, int bitsPerPixel) => new(
        ImageFormat.Bmp,
        Octets.Clamp(width),
        Octets.Clamp(height),
        bitsPerPixel switch { <= 8 => 1, <= 24 => 3, _ => 4 },
        bitsPerPixel switch { < 8 => bitsPerPixel, 16 => 5, _ => 8 });
}
