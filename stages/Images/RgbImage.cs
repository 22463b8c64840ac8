using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images;

/// <summary>A decoded image in managed memory.</summary>
/// <param name="Bands">3 for red, green, blue; 4 with near infrared behind them.</param>
/// <param name="Pixels">Interleaved, 8 bits a value, <c>[Height, Width, Bands]</c>, row major.</param>
/// <param name="Truth">Classes of the same pixels, where the sample has labels; it follows every geometric step.</param>
public sealed record RgbImage(Origin Origin, int Height, int Width, int Bands, byte[] Pixels, LabelMap? Truth = null)
{
    /// <summary>The same image in arrays of its own, for a stage that keeps it longer than its kernel.</summary>
    public RgbImage Copy() => this with
    {
        Pixels = [.. Pixels],
        Truth = Truth is { } truth ? truth with { Ids = [.. truth.Ids] } : null,
    };

    /// <summary>Gives the arrays back of which <paramref name="next"/>, made of this image, has none. For the end of a kernel.</summary>
    internal RgbImage ReplacedBy(RgbImage next, ItemContext item)
    {
        if (!ReferenceEquals(next.Pixels, Pixels))
        {
            item.Arrays?.Release(Pixels);
        }

        if (Truth is { } truth && !ReferenceEquals(next.Truth?.Ids, truth.Ids))
        {
            item.Arrays?.Release(truth.Ids);
        }

        return next;
    }
}

/// <summary>A class for each pixel.</summary>
/// <param name="Ids">Classes from 0, <c>[Height, Width]</c>, row major; <see cref="Ignore"/> where the truth is unknown.</param>
public sealed record LabelMap(int Height, int Width, ushort[] Ids)
{
    /// <summary>The id of pixels that are neither trained on nor scored, whatever number the files use for it.</summary>
    public const ushort Ignore = ushort.MaxValue;
}
