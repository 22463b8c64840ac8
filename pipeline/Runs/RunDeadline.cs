using System.Globalization;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>When a run has to stop.</summary>
internal static class RunDeadline
{
    /// <summary>The earlier of <c>deadline</c>, the next time the local clock shows it, and <c>max_hours</c> from now; null without both.</summary>
    public static DateTimeOffset? Of(RunSettings settings, TimeProvider time)
    {
        var now = time.GetUtcNow();
        DateTimeOffset?[] ends = [settings.Deadline is { } clock ? Next(clock, time) : null, settings.MaxHours > 0 ? now.AddHours(settings.MaxHours) : null];
        return ends.Where(end => end is not null).Min();
    }

    /// <summary>In words, as the run file has it.</summary>
    public static string Words(RunSettings settings) => string.Join(", ", new[]
    {
        settings.Deadline is { } clock ? string.Create(CultureInfo.InvariantCulture, $"deadline {clock:HH:mm}") : null,
        settings.MaxHours > 0 ? string.Create(CultureInfo.InvariantCulture, $"max_hours {settings.MaxHours}") : null,
    }.OfType<string>());

    private static DateTimeOffset Next(TimeOnly clock, TimeProvider time)
    {
        var now = time.GetLocalNow();
        var today = now.Date + clock.ToTimeSpan();
        var next = today > now.DateTime ? today : today.AddDays(1);
        return new DateTimeOffset(next, time.LocalTimeZone.GetUtcOffset(next));
    }
}
