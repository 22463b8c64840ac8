using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Learning;

/// <summary>Images and their superpixels in a checkpoint.</summary>
internal static class MapState
{
    /// <param name="now">What to save; null while loading.</param>
    public static SuperpixelMap Carry(StateArchive state, SuperpixelMap? now)
    {
        var image = ImageState.Carry(state.Within("image"), now?.Image);
        return new SuperpixelMap(image, state.Numbers<int>("labels", now?.Labels), state.Value("count", now?.Count ?? 0));
    }
}
