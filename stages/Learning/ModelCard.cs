using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Stages.Learning;

/// <summary>What a reader of weights must know about them: the JSON file beside them.</summary>
/// <param name="Clusters">K.</param>
/// <param name="Overclusters">Clusters of the second head; 0 where there is none.</param>
/// <param name="Merged">Where the second head segments: which of the K clusters each of its clusters belongs to. Null where the first one does.</param>
/// <param name="Normalisation">How pixels become inputs.</param>
/// <param name="Palette">A colour for each cluster, as #rrggbb.</param>
/// <param name="ConfigurationSha256">Hash of the options of the learner and of its objective, in lower-case hexadecimal.</param>
/// <param name="Upright">Whether its images have an up; null where that is not known.</param>
public sealed record ModelCard(
    string Format, int Clusters, int Overclusters, IReadOnlyList<int>? Merged, NetworkOptions Network, Normalisation Normalisation, IReadOnlyList<string> Palette, string ConfigurationSha256, bool? Upright = null)
{
    private const string Known = "inmars.segmenter.3";
    private const string Before = "inmars.segmenter.2"; // without heights

    private static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };

    /// <param name="objective">The record of what was minimised.</param>
    /// <param name="merged">As of <see cref="Merged"/>.</param>
    /// <param name="upright">As of <see cref="Upright"/>.</param>
    public static ModelCard Of(TrainingOptions options, object objective, IReadOnlyList<int>? merged = null, bool? upright = null) => new(
        Known,
        options.Clusters,
        options.Overclustering.Clusters,
        merged,
        options.Network,
        Normalisation.Of(options.Network),
        [.. Enumerable.Range(0, options.Clusters).Select(Reports.Palette.Colour)],
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options with { Watch = new WatchOptions() }} {objective}"))),
        upright);

    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public void Save(string path) => AtomicFile.Write(path, file => JsonSerializer.Serialize(file, this, Json));

    /// <exception cref="RunException">The file is not there, or is not what <see cref="Save"/> writes.</exception>
    public static ModelCard Load(string path)
    {
        try
        {
            var card = JsonSerializer.Deserialize<ModelCard>(File.ReadAllBytes(path), Json);
            return Flaw(card) is { } flaw ? throw new RunException($"'{path}' does not describe a model: {flaw}") : card!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read '{path}', which says what the weights beside it are: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new RunException($"'{path}' does not describe a model: {e.Message}", e);
        }
    }

    /// <summary>Why no network is to be built from this. Sizes are looked at first: torch takes whatever memory they ask for.</summary>
    private static string? Flaw(ModelCard? card)
    {
        if (card is null or { Format: not (Known or Before) })
        {
            return $"its format is '{card?.Format}', expected '{Known}'";
        }

        (string Name, int Value, int Least, int Most)[] sizes =
        [
            ("clusters", card.Clusters, 1, 1024),
            ("overclusters", card.Overclusters, 0, 4096),
            ("network.bands", card.Network.Bands, 3, 4),
            ("network.width", card.Network.Width, 1, 256),
            ("network.pools", card.Network.Pools, 0, 4),
            ("network.depth", card.Network.Depth, 1, 8),
        ];
        return Array.Find(sizes, s => s.Value < s.Least || s.Value > s.Most) is { Name: { } name } wrong
            ? $"its {name} is {wrong.Value}, expected {wrong.Least} to {wrong.Most}"
            : MergedFlaw(card) ?? FixedShape(card.Network) ?? (card.Normalisation == Normalisation.Of(card.Network) ? null : $"its normalisation is {card.Normalisation}, expected {Normalisation.Of(card.Network)}");
    }

    private static string? MergedFlaw(ModelCard card) => card.Merged is { } merged && (merged.Count != card.Overclusters || !merged.Distinct().Order().SequenceEqual(Enumerable.Range(0, card.Clusters)))
        ? $"its merged is [{string.Join(", ", merged)}], expected {card.Overclusters} numbers, each of 0 to {card.Clusters - 1} among them"
        : null;

    private static string? FixedShape(NetworkOptions network) => network switch
    {
        { Kind: NetworkKind.Inmars } => null,
        { Kind: NetworkKind.Strided, Pools: 0 } => null,
        { Kind: NetworkKind.Net10a } when network == NetworkOptions.Net10a(network.Bands, network.Sobel) => null,
        _ => $"its network is {network}, which is no shape of inmars, strided or net10a",
    };
}

/// <summary>How pixels become inputs: divided, then the centre taken off.</summary>
public sealed record Normalisation(double Divisor, double Centre)
{
    public static Normalisation Of(NetworkOptions network) => new(255, network.Centre);
}
