namespace InMARS.Stages.Superpixels;

/// <summary>Whose code cuts.</summary>
public enum SlicEngine
{
    /// <summary>OpenCV's, on 8-bit Lab whose L goes to 255.</summary>
    OpenCv,

    /// <summary>Our own, on CIELAB: faster, as many superpixels as asked for, without SLICO.</summary>
    Simd,
}
