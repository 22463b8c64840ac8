using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Images;

/// <summary>How far colours may move.</summary>
/// <param name="Brightness">The factor is drawn from 1 - x to 1 + x; 0 to 1.</param>
/// <param name="Contrast">As <paramref name="Brightness"/>, about the mean grey of the image.</param>
/// <param name="Saturation">As <paramref name="Brightness"/>, about the grey of each pixel.</param>
/// <param name="Hue">Largest turn either way, as a share of the whole circle; 0 to 0.5.</param>
public sealed record JitteringOptions(double Brightness = 0.2, double Contrast = 0.2, double Saturation = 0.2, double Hue = 0.05)
{
    public static JitteringOptions Read(Fields f)
    {
        var options = new JitteringOptions(
            f.Get("brightness", Decode.Number.Between(0.0, 1.0), 0.2, "The brightness factor is drawn from 1 - x to 1 + x."),
            f.Get("contrast", Decode.Number.Between(0.0, 1.0), 0.2, "As brightness, about the mean grey of the image."),
            f.Get("saturation", Decode.Number.Between(0.0, 1.0), 0.2, "As brightness, about the grey of each pixel."),
            f.Get("hue", Decode.Number.Between(0.0, 0.5), 0.05, "Largest turn of hue either way, as a share of the circle."));
        if (options == new JitteringOptions(0, 0, 0, 0) && f.Node["brightness"].Scalar is not null)
        {
            f.Refuse("brightness", "with all four at 0 nothing is ever changed");
        }

        return options;
    }
}
