namespace InMARS.Stages.Images.Formats;

/// <summary>The marker segments of a JPEG file (ITU-T T.81, annex B).</summary>
internal static class JpegFile
{
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0xFF, 0xD8, 0xFF]);

    public static ImageHeader? Header(ReadOnlySpan<byte> file)
    {
        for (var at = NextMarker(file, 2); at >= 0 && file[at] is not (EndOfImage or StartOfScan); at = NextMarker(file, Behind(file, at)))
        {
            if (IsStartOfFrame(file[at]))
            {
                return at + 8 < file.Length
                    ? new ImageHeader(ImageFormat.Jpeg, Octets.U16(file, at + 6, false), Octets.U16(file, at + 4, false), file[at + 8], file[at + 3])
                    : null;
            }
        }

        return null;
    }

    /// <summary>Whether the end of the image is there; a marker in a thumbnail or in the coded data is not taken for it.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> file)
    {
        var at = NextMarker(file, 2);
        while (at >= 0 && file[at] != EndOfImage)
        {
            at = NextMarker(file, Behind(file, at));
        }

        return at >= 0;
    }

    /// <summary>Scans of the image: passes of the decoder over all of its pixels.</summary>
    public static int Scans(ReadOnlySpan<byte> file)
    {
        var scans = 0;
        for (var at = NextMarker(file, 2); at >= 0 && file[at] != EndOfImage; at = NextMarker(file, Behind(file, at)))
        {
            scans += file[at] == StartOfScan ? 1 : 0;
        }

        return scans;
    }

    private static bool IsStartOfFrame(byte code) => code is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static long Behind(ReadOnlySpan<byte> file, int code) => code + 1 + Octets.U16(file, code + 1, little: false);

    /// <summary>Place of the next marker's code, past coded data, restarts and fill bytes; -1 when there is none.</summary>
    private static int NextMarker(ReadOnlySpan<byte> file, long from)
    {
        var at = (int)Math.Min(from, file.Length);
        while (file[at..].IndexOf((byte)0xFF) is >= 0 and var skip)
        {
            at += skip + 1;
            if (Octets.U8(file, at) is not (0x00 or 0x01 or (>= 0xD0 and <= 0xD8) or 0xFF))
            {
                return at;
            }
        }

        return -1;
    }
}
