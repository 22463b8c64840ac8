namespace InMARS.Pipeline.Configuration;

/// <summary>How a run file says for how long a stage may be at one item.</summary>
internal static class ItemTimeout
{
    public const string Key = "item_timeout_seconds";

    /// <summary>0 for any time.</summary>
    public static Decoder<double> Seconds { get; } = Decode.Number.Between(0, 1_000_000);
}
