namespace InMARS.Pipeline.Graphs;

/// <summary>How long to wait before what failed to be read is tried again.</summary>
internal static class Backoff
{
    private const double FirstSeconds = 0.5;
    private const double MostSeconds = 30;

    /// <summary>Half a second after the first attempt, twice as long after each further one, up to half a minute; each up to a half more or less.</summary>
    /// <param name="attempt">The one that failed, from 1.</param>
    /// <param name="seed">Of the item: many that failed together do not come back together.</param>
    public static TimeSpan After(int attempt, ulong seed)
    {
        var jitter = 0.5 + ((Seeds.Mix(seed + (ulong)attempt) >> 11) * (1.0 / (1UL << 53)));
        return TimeSpan.FromSeconds(Math.Min(MostSeconds, FirstSeconds * Math.Pow(2, attempt - 1)) * jitter);
    }
}
