namespace InMARS.Stages.Batching;

/// <summary>Which pixels of a batch belong to no superpixel, so that a learner does not see them.</summary>
public enum PixelMask
{
    None,

    /// <summary>Those whose class is unknown.</summary>
    Labels,
}
