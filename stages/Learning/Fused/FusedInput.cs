using System.Buffers;

namespace InMARS.Stages.Learning.Fused;

/// <param name="Planes"><c>[bands, Height, Width]</c>, 0 to 1; borrowed.</param>
/// <param name="Frame">Where its rows lie.</param>
internal sealed record InputImage(ReadOnlyMemory<float> Planes, int Height, int Width, Frame Frame);

/// <summary>Puts an image where the first layer reads it: its bands less the centre, and beside them Sobel's edges and the height.</summary>
/// <param name="options">Of the network.</param>
/// <param name="seesHeight">Whether heights are told; where not, that input, if there is one, is 0.</param>
internal sealed class FusedInput(NetworkOptions options, bool seesHeight)
{
    private const float Red = 0.299f;
    private const float Green = 0.587f;
    private const float Blue = 0.114f;

    /// <summary>Sides of an image as the first layer sees it: whole cells where layers halve by strides.</summary>
    public (int Height, int Width) Completed(int height, int width) =>
        options.Kind == NetworkKind.Strided ? (Whole(height), Whole(width)) : (height, width);

    /// <param name="map">Shaped for the completed image; receives its cells and their sides, but not the rows above and below.</param>
    /// <param name="rows">Runs work for a range of rows, possibly several at once.</param>
    public void Fill(InputImage image, CellMap map, BorderPadding padding, Action<int, Action<int, int>> rows)
    {
        var (planes, size) = (image.Planes, (image.Height, image.Width));
        var grey = options.Sobel ? ArrayPool<float>.Shared.Rent((map.Height + 2) * (map.Width + 2)) : [];
        if (options.Sobel)
        {
            rows(map.Height + 2, (from, to) => Whiten(planes.Span, size, map.Width, grey, (from, to)));
        }

        rows(map.Height, (from, to) =>
        {
            for (var y = from; y < to; y++)
            {
                Bands(planes.Span, size, y, map);
                Edges(grey, y, map);
                Height(image.Frame, y, map);
                map.Close(y, padding);
            }
        });
        if (options.Sobel)
        {
            ArrayPool<float>.Shared.Return(grey);
        }
    }

    private int Whole(int side) => (side + options.Stride - 1) / options.Stride * options.Stride;

    /// <summary>The grey image with one pixel around it, of which rows <paramref name="range"/>.</summary>
    private void Whiten(ReadOnlySpan<float> planes, (int Height, int Width) size, int width, float[] grey, (int From, int To) range)
    {
        var area = size.Height * size.Width;
        for (var y = range.From; y < range.To; y++)
        {
            var row = grey.AsSpan(y * (width + 2), width + 2);
            if (options.Kind == NetworkKind.Net10a && (y == 0 || y > size.Height))
            {
                row.Clear();
                continue;
            }

            var at = Math.Clamp(y - 1, 0, size.Height - 1) * size.Width;
            var red = planes.Slice(at, size.Width);
            var green = planes.Slice(at + area, size.Width);
            var blue = planes.Slice(at + (2 * area), size.Width);
            for (var x = 0; x < size.Width; x++)
            {
                row[x + 1] = (Red * red[x]) + (Green * green[x]) + (Blue * blue[x]);
            }

            row[(size.Width + 1)..].Fill(row[size.Width]);
            row[0] = row[1];
            if (options.Kind == NetworkKind.Net10a)
            {
                (row[0], row[^1]) = (0, 0);
            }
        }
    }

    private void Bands(ReadOnlySpan<float> planes, (int Height, int Width) size, int y, CellMap map)
    {
        var row = map.Row(y);
        var centre = (float)options.Centre;
        for (var band = 0; band < options.Bands; band++)
        {
            var from = planes.Slice(((band * size.Height) + Math.Min(y, size.Height - 1)) * size.Width, size.Width);
            var to = band;
            foreach (var value in from)
            {
                row[to] = value - centre;
                to += map.Channels;
            }

            for (; to < row.Length; to += map.Channels)
            {
                row[to] = from[^1] - centre;
            }
        }
    }

    private void Height(Frame frame, int y, CellMap map)
    {
        if (options.Height == HeightInput.Off)
        {
            return;
        }

        var row = map.Row(y);
        var height = seesHeight ? frame.Height(y) : 0;
        for (var to = options.Inputs - 1; to < row.Length; to += map.Channels)
        {
            row[to] = height;
        }
    }

    /// <summary>Sobel's derivatives, as <see cref="EdgeFilter"/> has them.</summary>
    private void Edges(float[] grey, int y, CellMap map)
    {
        if (!options.Sobel)
        {
            return;
        }

        var step = map.Width + 2;
        var above = grey.AsSpan(y * step, step);
        var here = grey.AsSpan((y + 1) * step, step);
        var below = grey.AsSpan((y + 2) * step, step);
        var row = map.Row(y);
        for (int x = 0, to = options.Bands; x < map.Width; x++, to += map.Channels)
        {
            var (left, right) = (above[x] + (2 * here[x]) + below[x], above[x + 2] + (2 * here[x + 2]) + below[x + 2]);
            var (top, bottom) = (above[x] + (2 * above[x + 1]) + above[x + 2], below[x] + (2 * below[x + 1]) + below[x + 2]);
            (row[to], row[to + 1]) = (left - right, top - bottom);
        }
    }
}
