using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;

namespace InMARS.Stages.Shards;

/// <summary>What some samples are, by the headers of their images and the ids of their label maps.</summary>
/// <param name="Looked">Samples looked at, those that cannot be read included.</param>
/// <param name="Sizes">Width and height, in pixels, and the images of that size; most first.</param>
/// <param name="Bands">Values stored for a pixel, and the images that have so many; most first.</param>
/// <param name="Formats">Names of formats, and the images in them; most first.</param>
/// <param name="LabelMaps">Label maps that could be read.</param>
/// <param name="Ids">Ids as the label maps store them, and their share of the pixels, 0 to 1; in order of the ids.</param>
public sealed record SampleSurvey(
    int Looked,
    IReadOnlyList<KeyValuePair<(int Width, int Height), int>> Sizes,
    IReadOnlyList<KeyValuePair<int, int>> Bands,
    IReadOnlyList<KeyValuePair<string, int>> Formats,
    int LabelMaps,
    IReadOnlyList<KeyValuePair<int, double>> Ids)
{
    private const long MaxPixels = 100_000_000;

    /// <summary>Looks at samples one at a time. What cannot be read is passed over: the stages say why.</summary>
    public static SampleSurvey Of(IEnumerable<Result<Sample>> samples)
    {
        var (looked, maps) = (0, 0);
        var headers = new List<ImageHeader>();
        var pixels = new long[ushort.MaxValue + 1];
        foreach (var sample in samples)
        {
            looked++;
            if (sample is Result<Sample>.Ok(var found))
            {
                headers.AddRange(ImageHeader.Read(found.Image.Span) is { } header ? [header] : []);
                maps += Add(found.Label, pixels);
            }
        }

        return new SampleSurvey(
            looked,
            Counted(headers.Select(h => (h.Width, h.Height))),
            Counted(headers.Select(h => h.Bands)),
            Counted(headers.Select(h => Admission.Word(h.Format))),
            maps,
            Shares(pixels));
    }

    private static int Add(ReadOnlyMemory<byte>? label, long[] pixels)
    {
        if (label is not { } file || LabelDecoding.Stored(file, MaxPixels) is not Result<LabelMap>.Ok(var map))
        {
            return 0;
        }

        foreach (var id in map.Ids)
        {
            pixels[id]++;
        }

        return 1;
    }

    private static IReadOnlyList<KeyValuePair<int, double>> Shares(long[] pixels)
    {
        double all = pixels.Sum();
        return [.. pixels.Index().Where(p => p.Item > 0).Select(p => KeyValuePair.Create(p.Index, p.Item / all))];
    }

    private static IReadOnlyList<KeyValuePair<TKey, int>> Counted<TKey>(IEnumerable<TKey> values)
        where TKey : notnull => [.. values.CountBy(v => v).OrderByDescending(v => v.Value)];
}
