namespace InMARS.Stages.Superpixels.Simd;

/// <summary>How the pixels of an image lie in memory while it is cut: tile after tile, all values of a tile together.</summary>
/// <remarks>
/// A tile holds <see cref="Depth"/> rows of <see cref="Width"/> pixels, row by row, in every row the values of one band
/// after those of the other: 768 bytes for three bands, twelve cache lines, which stay in the first cache while all
/// clusters near them are tried. Tiles at the right and lower border stick out of the image; what lies there is not read.
/// </remarks>
/// <param name="ImageHeight">Of the image, in pixels.</param>
/// <param name="ImageWidth">Of the image, in pixels.</param>
/// <param name="Bands">3 for L, a, b; 4 with infrared behind them.</param>
internal readonly record struct Tiling(int ImageHeight, int ImageWidth, int Bands)
{
    /// <summary>Pixels in a row of a tile.</summary>
    public const int Width = 16;

    /// <summary>Rows of a tile.</summary>
    public const int Depth = 16;

    /// <summary>Pixels of a tile.</summary>
    public const int Area = Width * Depth;

    public int Columns => (ImageWidth + Width - 1) / Width;

    public int Rows => (ImageHeight + Depth - 1) / Depth;

    public int Count => Rows * Columns;

    /// <summary>Bytes from one tile to the next.</summary>
    public int Bytes => Area * Bands;

    /// <summary>Where the value of the first band of a pixel lies; the other bands follow at distance <see cref="Width"/>.</summary>
    public int At(int y, int x) =>
        ((((y / Depth) * Columns) + (x / Width)) * Bytes) + ((y % Depth) * Width * Bands) + (x % Width);
}
