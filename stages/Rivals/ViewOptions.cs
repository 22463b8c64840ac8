using InMARS.Pipeline.Configuration;
using InMARS.Stages.Learning;

namespace InMARS.Stages.Rivals;

/// <summary>How images change from view to view.</summary>
/// <param name="Jitter">Strength of the colour jitter, 0 to 1; 0.5 moves brightness by up to 0.4 either way, as IIC does.</param>
/// <param name="Flip">Share of the images that are mirrored left to right, 0 to 1.</param>
/// <param name="Tint">Strength of its part that changes bands by themselves, 0 to 1.</param>
internal sealed record ViewOptions(double Jitter = 0.5, double Flip = 0.5, double Tint = 0.2)
{
    public static ViewOptions Read(Fields f)
    {
        var d = new ViewOptions();
        return new ViewOptions(
            f.Get("jitter", Ranges.Share, d.Jitter, "Strength of the colour jitter between the views."),
            f.Get("flip", Ranges.Share, d.Flip, "Share of the images that are mirrored left to right; the answers are mirrored back."),
            f.Get("tint", Ranges.Share, d.Tint, "Strength of the part of the jitter that changes red, green and blue by themselves."));
    }
}
