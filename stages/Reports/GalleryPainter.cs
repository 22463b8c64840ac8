using InMARS.Stages.Images;

namespace InMARS.Stages.Reports;

/// <summary>One image of a gallery with all that is drawn beside it, of the same size.</summary>
/// <param name="Pictures">Red, green, blue, <c>[Height, Width, 3]</c> each.</param>
/// <param name="Clusters">Cluster of each pixel, <c>[Height, Width]</c> each.</param>
internal sealed record GalleryRow(RgbImage Image, IReadOnlyList<byte[]> Pictures, IReadOnlyList<int[]> Clusters);

/// <summary>Draws rows of pictures that belong together: image, pictures, clusters in their colours.</summary>
internal static class GalleryPainter
{
    private const int Gutter = 4;
    private const int WishedWidth = 160;

    /// <param name="rows">At least one; all of one size, and with as many pictures and cluster maps.</param>
    /// <param name="colours">Red, green, blue of each cluster.</param>
    /// <returns>A PNG; small images are enlarged by a whole number.</returns>
    public static byte[] Paint(IReadOnlyList<GalleryRow> rows, byte[] colours)
    {
        var (image, panels) = (rows[0].Image, rows.Select(row => Panels(row, colours)).ToList());
        var scale = Math.Max(1, WishedWidth / image.Width);
        var (down, across) = ((image.Height * scale) + Gutter, (image.Width * scale) + Gutter);
        var (height, width) = ((rows.Count * down) - Gutter, (panels[0].Count * across) - Gutter);
        var canvas = new byte[height * width * 3];
        Array.Fill(canvas, byte.MaxValue);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (row, inY, column, inX) = (y / down, y % down / scale, x / across, x % across / scale);
                if (inY < image.Height && inX < image.Width)
                {
                    panels[row][column].AsSpan(((inY * image.Width) + inX) * 3, 3).CopyTo(canvas.AsSpan(((y * width) + x) * 3));
                }
            }
        }

        return Png.Rgb8(height, width, canvas);
    }

    private static List<byte[]> Panels(GalleryRow row, byte[] colours) =>
        [Rgb(row.Image), .. row.Pictures, .. row.Clusters.Select(clusters => clusters.SelectMany(c => colours.AsSpan(3 * c, 3).ToArray()).ToArray())];

    private static byte[] Rgb(RgbImage image) =>
        image.Bands == 3 ? image.Pixels : [.. image.Pixels.Chunk(image.Bands).SelectMany(pixel => pixel.Take(3))];
}
