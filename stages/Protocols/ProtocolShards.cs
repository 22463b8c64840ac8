using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Stages.Protocols;

/// <summary>Writes a benchmark as shards, and beside them what they are.</summary>
public static class ProtocolShards
{
    /// <summary>The file that says what the shards are.</summary>
    public const string About = "protocol.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Names of the files that <see cref="Write"/> may write.</summary>
    public static IReadOnlyList<string> Patterns(Protocol protocol) => [.. protocol.Sets.Select(set => $"{set}-*.tar"), About];

    /// <summary>
    /// Writes <c>set-000000.tar</c> and so on, each sample as <c>key.png</c> (CamVid: as it was) with
    /// <c>key.label.png</c>, and <see cref="About"/>. One image is in memory at a time; of Potsdam, one tile.
    /// </summary>
    /// <param name="folder">Must be there.</param>
    /// <param name="progress">Told the number of samples written.</param>
    /// <exception cref="RunException">The download lacks something, a file of it is not what it should be, or the disk is full.</exception>
    public static IReadOnlyList<PreparedSet> Write(
        Protocol protocol, PreparationRequest request, string folder, IProgress<long>? progress = null, CancellationToken stop = default)
    {
        var plan = protocol.Open(request);
        using var series = new ShardSeries(folder);
        foreach (var image in plan.Images)
        {
            stop.ThrowIfCancellationRequested();
            var count = series.Add(image);
            progress?.Report(count);
        }

        var sets = series.Finish();
        if (sets.Count == 0)
        {
            throw new RunException($"'{request.Source}' holds no image that {protocol.Name} wants: {plan.Rule}");
        }

        var about = Describe(protocol, request, plan.Rule, sets).ToJsonString(Indented);
        AtomicFile.Write(Path.Combine(folder, About), file => file.Write(Encoding.UTF8.GetBytes(about)));
        return sets;
    }

    /// <summary>A quirk as users write it.</summary>
    public static string Word(Quirks quirk) => quirk switch
    {
        Quirks.UnlabelledIsSky => "unlabelled_is_sky",
        Quirks.MaskTrainingWithLabels => "mask_training_with_labels",
        _ => "none",
    };

    /// <summary>The single quirks of a set of them.</summary>
    public static IEnumerable<Quirks> Each(Quirks quirks) => Enum.GetValues<Quirks>().Where(q => q != Quirks.None && quirks.HasFlag(q));

    private static JsonObject Describe(Protocol protocol, PreparationRequest request, string rule, IReadOnlyList<PreparedSet> sets) => new()
    {
        ["protocol"] = protocol.Name,
        ["rule"] = rule,
        ["classes"] = new JsonArray([.. protocol.Classes.Select(name => (JsonNode)name)]),
        ["ignore"] = byte.MaxValue,
        ["quirks"] = new JsonArray([.. Each(request.Quirks).Select(q => (JsonNode)Word(q))]),
        ["images"] = new JsonObject(sets.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)s.Images))),
    };
}
