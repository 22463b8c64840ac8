using System.Collections.Immutable;

namespace InMARS.Pipeline.Runs;

/// <summary>How many items were done at one moment of a session.</summary>
/// <param name="At">Time since the flow started in this session.</param>
public sealed record ProgressSample(TimeSpan At, long Done);

/// <summary>How fast a flow is and when it will be done.</summary>
/// <param name="LastMinute">Items a second over the last minute; null until there are two samples.</param>
/// <param name="Overall">Items a second since the session began the flow.</param>
/// <param name="Remaining">Items left, at least 0; null where the total is unknown.</param>
/// <param name="Finish">Null where the total is unknown or nothing moves.</param>
public sealed record Forecast(double? LastMinute, double? Overall, long? Remaining, DateTimeOffset? Finish)
{
    /// <summary>With fewer items in the last minute, its speed is mostly chance, and the speed overall foretells better.</summary>
    private const int EnoughItems = 10;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>The samples that a forecast needs: the first, those of the last minute, and the one just before it.</summary>
    /// <param name="samples">What this function gave before; empty at the start.</param>
    public static ImmutableArray<ProgressSample> Keep(ImmutableArray<ProgressSample> samples, ProgressSample next)
    {
        var all = samples.Add(next);
        var before = all.Count(s => s.At <= next.At - Window) - 1;
        return before <= 1 ? all : [all[0], .. all[before..]];
    }

    /// <param name="samples">In the order of time; the first is that of the start.</param>
    /// <param name="now">The time of the last sample on the clock.</param>
    public static Forecast Of(ImmutableArray<ProgressSample> samples, long? total, DateTimeOffset now)
    {
        if (samples.IsEmpty)
        {
            return new Forecast(null, null, total, null);
        }

        var last = samples[^1];
        var before = samples.LastOrDefault(s => s.At <= last.At - Window) ?? samples[0];
        var (minute, overall) = (Speed(before, last), Speed(samples[0], last));
        long? remaining = total is { } all ? Math.Max(0, all - last.Done) : null;
        return new Forecast(minute, overall, remaining, FinishOf(remaining, last.Done - before.Done >= EnoughItems ? minute : overall, now));
    }

    private static double? Speed(ProgressSample from, ProgressSample to) =>
        to.At > from.At ? (to.Done - from.Done) / (to.At - from.At).TotalSeconds : null;

    private static DateTimeOffset? FinishOf(long? remaining, double? speed, DateTimeOffset now) => (remaining, speed) switch
    {
        (0, _) => now,
        ({ } left, > 0 and var perSecond) when left / perSecond < (DateTimeOffset.MaxValue - now).TotalSeconds => now.AddSeconds(left / perSecond),
        _ => null,
    };
}
