namespace InMARS.Stages.Superpixels.Simd;

/// <summary>sRGB to 8-bit CIELAB by tables, in whole numbers.</summary>
/// <remarks>
/// IEC 61966-2-1 and CIE 15, white D65. L, a and b have one scale, <see cref="Scale"/>, as the distance of Achanta et al.
/// wants it: OpenCV's 8-bit Lab stretches L by 2.55 and leaves a and b, which makes its superpixels ragged. The share of
/// every red, green and blue value in X, Y and Z comes as one 64-bit number of three fields, so that two additions give
/// all three.
/// </remarks>
internal static class LabTable
{
    /// <summary>Bits of a linear value.</summary>
    private const int LinearBits = 18;

    private const int FieldBits = 21;
    private const ulong Field = (1UL << FieldBits) - 1;

    /// <summary>Linear values that share an entry of the table of roots.</summary>
    private const int RootShift = LinearBits - 12;

    private const int RootBits = 12;

    /// <summary>Values of the tiles for one unit of CIELAB: as many as let every colour of sRGB fit into 8 bits.</summary>
    public const double Scale = 1.25;

    /// <summary>The value of a neutral colour.</summary>
    public const int MiddleA = 108;
    /// <summary>The value of a neutral colour.</summary>
    public const int MiddleB = 136;
    private static readonly ulong[] _red = Shares(0.412453 / 0.950456, 0.212671, 0.019334 / 1.088754);
    private static readonly ulong[] _green = Shares(0.357580 / 0.950456, 0.715160, 0.119193 / 1.088754);
    private static readonly ulong[] _blue = Shares(0.180423 / 0.950456, 0.072169, 0.950227 / 1.088754);
    private static readonly int[] _root = [.. Linear().Select(t => (int)Math.Round(Root(t) * 500 * Scale * (1 << RootBits)))];
    private static readonly byte[] _lightness = [.. Linear().Select(t => (byte)Math.Round(Math.Clamp((116 * Root(t)) - 16, 0, 100) * Scale))];

    /// <summary>Converts an image into tiles.</summary>
    /// <param name="pixels">Red, green, blue and what follows, 8 bits each, <c>[ImageHeight, ImageWidth, bands]</c>.</param>
    /// <param name="bands">Values of a pixel in the image: 3 or 4, and no less than the tiles want.</param>
    public static void Convert(ReadOnlySpan<byte> pixels, int bands, Tiling tiling, Span<byte> tiles)
    {
        for (var y = 0; y < tiling.ImageHeight; y++)
        {
            var row = pixels.Slice(y * tiling.ImageWidth * bands, tiling.ImageWidth * bands);
            for (var x = 0; x < tiling.ImageWidth; x += Tiling.Width)
            {
                var part = row[(x * bands)..Math.Min(row.Length, (x + Tiling.Width) * bands)];
                Convert(part, bands, tiles.Slice(tiling.At(y, x), Tiling.Width * tiling.Bands));
            }
        }
    }

    private static void Convert(ReadOnlySpan<byte> pixels, int bands, Span<byte> values)
    {
        var (red, green, blue, root, lightness) = (_red, _green, _blue, _root, _lightness);
        for (var (x, i) = (0, 0); i + 2 < pixels.Length; (x, i) = (x + 1, i + bands))
        {
            var shares = red[pixels[i]] + green[pixels[i + 1]] + blue[pixels[i + 2]];
            var luminance = (int)((shares >> FieldBits) & Field) >> RootShift;
            var (fx, fy, fz) = (root[(int)(shares & Field) >> RootShift], root[luminance], root[(int)(shares >> (2 * FieldBits)) >> RootShift]);
            values[x] = lightness[luminance];
            values[x + Tiling.Width] = Rounded(fx - fy, MiddleA);
            values[x + (2 * Tiling.Width)] = Rounded((fy - fz) * 2 / 5, MiddleB);
            if (values.Length == 4 * Tiling.Width)
            {
                values[x + (3 * Tiling.Width)] = pixels[i + 3];
            }
        }
    }

    /// <summary>Within 0 and 255 for every colour of sRGB.</summary>
    private static byte Rounded(int value, int middle) => (byte)((value + (middle << RootBits) + (1 << (RootBits - 1))) >> RootBits);

    private static ulong[] Shares(double x, double y, double z) =>
        [.. Enumerable.Range(0, 256).Select(v => Fixed(v, x) | (Fixed(v, y) << FieldBits) | (Fixed(v, z) << (2 * FieldBits)))];

    private static ulong Fixed(int value, double share)
    {
        var s = value / 255.0;
        return (ulong)(share * (s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4)) * (1 << LinearBits));
    }

    /// <summary>The linear values that entries of the table of roots stand for: the middle of what shares the entry.</summary>
    private static IEnumerable<double> Linear() =>
        Enumerable.Range(0, (1 << (LinearBits - RootShift)) + 1).Select(i => Math.Min(1, (i + 0.5) / (1 << (LinearBits - RootShift))));

    private static double Root(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16 / 116.0);
}
