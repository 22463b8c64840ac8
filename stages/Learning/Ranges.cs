using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>Ranges that several options share.</summary>
internal static class Ranges
{
    public static Decoder<double> Weight { get; } = Decode.Number.Between(0, 1000);

    public static Decoder<double> Share { get; } = Decode.Number.Between(0, 1);

    public static Decoder<double> Positive(double most) => Decode.Number.Between(1e-9, most);
}
