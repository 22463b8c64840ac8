using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary><c>KEY.json</c> of an item in quarantine.</summary>
/// <param name="Shard">Shard, folder or list it came from, as the run file names it.</param>
/// <param name="Key">Its true key there.</param>
/// <param name="Offset">Byte of the shard at which its first file begins; null where the shard is compressed, or there is none.</param>
/// <param name="Epoch">Pass over the source, from 0.</param>
/// <param name="Stage">The stage that refused it.</param>
/// <param name="Code">What is wrong, in a word that stays the same.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
/// <param name="Attempt">How often it has been tried, from 1.</param>
/// <param name="Note">Why files of it are missing beside this one; null where all are there.</param>
public sealed record QuarantineRecord(
    string Shard, string Key, long? Offset, string Flow, int Epoch, string Stage, string Code, string Message, int Attempt, string? Note)
{
    /// <summary>Extension of the item's own JSON, whose name this one has taken.</summary>
    public const string OwnJson = "sample.json";

    private static readonly JsonSerializerOptions Plain = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where it came from.</summary>
    [JsonIgnore]
    public Origin Origin => new(Shard, Key);

    /// <summary>What is to be said of an item.</summary>
    public static QuarantineRecord Of(Reject reject, OriginalItem original) => new(
        reject.Origin.Shard, reject.Origin.Key, reject.Original?.Offset, reject.Flow, reject.Epoch, reject.Stage,
        reject.Fault.Code, reject.Fault.Message, reject.Fault.Attempts, original.Note);

    /// <summary>UTF-8, with a line for each value.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Plain), (byte)'\n'];

    /// <summary>Null where these bytes are no such record.</summary>
    public static QuarantineRecord? Of(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<QuarantineRecord>(json, Plain) is { Shard: not null, Key: not null } record ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
