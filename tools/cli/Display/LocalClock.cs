namespace InMARS.Cli.Display;

/// <summary>Moments as the clock on the wall shows them.</summary>
internal sealed record LocalClock(TimeProvider Time)
{
    /// <summary><c>2026-11-22 18:00:05</c>; "?" where the moment is not known.</summary>
    public string Of(DateTimeOffset? moment) => moment is { } known ? Local(known).ToString("yyyy-MM-dd HH:mm:ss") : "?";

    /// <summary><c>06:40</c> of the same day, else with the date.</summary>
    public string Ahead(DateTimeOffset moment, DateTimeOffset now) =>
        Local(moment).ToString(Local(moment).Date == Local(now).Date ? "HH:mm" : "yyyy-MM-dd HH:mm");

    private DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Time.LocalTimeZone);
}
