using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Images;

/// <summary>Which mirror images are made, and how often.</summary>
/// <param name="Probability">Of each allowed direction, independently, 0 to 1.</param>
/// <param name="Horizontal">Left and right may change places.</param>
/// <param name="Vertical">Top and bottom may change places.</param>
public sealed record FlippingOptions(double Probability = 0.5, bool Horizontal = true, bool Vertical = false)
{
    public static FlippingOptions Read(Fields f)
    {
        var options = new FlippingOptions(
            f.Get("probability", Decode.Number.Between(0.0, 1.0), 0.5, "Probability of each allowed direction, independently."),
            f.Get("horizontal", Decode.YesNo, true, "Left and right may change places."),
            f.Get("vertical", Decode.YesNo, false, "Top and bottom may change places."));
        if (f.Node["horizontal"].Scalar == "false" && f.Node["vertical"].Scalar is null or "false")
        {
            f.Refuse("horizontal", "with neither horizontal nor vertical nothing is ever flipped");
        }

        return options;
    }
}
