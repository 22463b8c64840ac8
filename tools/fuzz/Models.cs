using InMARS.Stages.Learning;

namespace InMARS.Fuzz;

/// <summary>Whole files of models: weights and the cards beside them.</summary>
internal static class Models
{
    private static readonly (byte[] Weights, byte[] Card) _files = Make();

    public static IReadOnlyList<byte[]> Weights => [_files.Weights];

    public static IReadOnlyList<byte[]> Cards => [_files.Card];

    private static (byte[] Weights, byte[] Card) Make()
    {
        using var scratch = new ScratchFile();
        var (weights, card) = (scratch.With("m.safetensors", []), scratch.With("m.json", []));
        Safetensors.Write(weights, [new NamedArray("a.weight", [2, 3], [1, 2, 3, 4, 5, 6]), new NamedArray("a.bias", [2], [7, 8]), new NamedArray("step", [], [9])]);
        ModelCard.Of(new TrainingOptions(3), new InmarsOptions(), null).Save(card);
        return (File.ReadAllBytes(weights), File.ReadAllBytes(card));
    }
}
