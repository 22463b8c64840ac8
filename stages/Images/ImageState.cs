using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images;

/// <summary>Images in a checkpoint.</summary>
internal static class ImageState
{
    /// <param name="now">What to save; null while loading.</param>
    public static RgbImage Carry(StateArchive state, RgbImage? now)
    {
        var (origin, height, width, bands) = state.Value("shape", (now?.Origin ?? default, now?.Height ?? 0, now?.Width ?? 0, now?.Bands ?? 0));
        return new RgbImage(origin, height, width, bands, state.Numbers<byte>("pixels", now?.Pixels), Carry(state, now?.Truth));
    }

    /// <param name="now">What to save; null where there is no truth, and while loading.</param>
    public static LabelMap? Carry(StateArchive state, LabelMap? now)
    {
        var (known, height, width) = state.Value("truth", (now is not null, now?.Height ?? 0, now?.Width ?? 0));
        return known ? new LabelMap(height, width, state.Numbers<ushort>("classes", now?.Ids)) : null;
    }
}
