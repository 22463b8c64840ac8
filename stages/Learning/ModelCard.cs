using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Learning;

/// <summary>What a reader of weights must know about them: the JSON file beside them.</summary>
/// <param name="Clusters">K.</param>
/// <param name="Overclusters">Clusters of the second head; 0 where there is none.</param>
/// <param name="Normalisation">How pixels become inputs.</param>
/// <param name="ConfigurationSha256">Hash of the learner's options, in lower-case hexadecimal.</param>
public sealed record ModelCard(
    string Format, int Clusters, int Overclusters, NetworkOptions Network, Normalisation Normalisation, string ConfigurationSha256)
{
    private const string Known = "inmars.segmenter.1";

    private static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };

    public static ModelCard Of(LearnerOptions options) => new(
        Known,
        options.Clusters,
        options.Overclustering.Clusters,
        options.Network,
        new Normalisation(),
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.ToString()))));

    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public void Save(string path) => AtomicFile.Write(path, file => JsonSerializer.Serialize(file, this, Json));

    /// <exception cref="RunException">The file is not there, or is not what <see cref="Save"/> writes.</exception>
    public static ModelCard Load(string path)
    {
        try
        {
            var card = JsonSerializer.Deserialize<ModelCard>(File.ReadAllBytes(path), Json);
            return card is { Format: Known, Clusters: > 0, Overclusters: >= 0 }
                ? card
                : throw new RunException($"'{path}' is of format '{card?.Format}' with {card?.Clusters} clusters, expected '{Known}' with at least one");
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
}

/// <summary>How pixels become inputs: divided, then the centre taken off.</summary>
public sealed record Normalisation(double Divisor = 255, double Centre = Segmenter.Centre);
