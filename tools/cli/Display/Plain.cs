using System.Globalization;

namespace InMARS.Cli.Display;

/// <summary>Figures and sentences as people read them.</summary>
internal static class Plain
{
    /// <summary>A text on one line, without control characters: what comes from files must not steer a terminal.</summary>
    public static string OneLine(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? '\uFFFD' : c)).Trim();

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 item", "2 items".</summary>
    public static string Count(long number, string noun) => $"{Count(number)} {noun}{(number == 1 ? "" : "s")}";

    /// <summary><c>1,234 MiB</c>, below ten with a decimal.</summary>
    public static string Mebibytes(long bytes)
    {
        var size = bytes / 1048576.0;
        return $"{size.ToString(size < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture)} MiB";
    }

    /// <summary>A rate with three digits that matter.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        >= 100 => perSecond.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => perSecond.ToString("0.0", CultureInfo.InvariantCulture),
        > 0 => perSecond.ToString("0.00", CultureInfo.InvariantCulture),
        _ => "-",
    };

    /// <summary>A headline figure: whole numbers without decimals, others with four digits.</summary>
    public static string Figure(double value) => !double.IsFinite(value) ? "-"
        : value == Math.Floor(value) && Math.Abs(value) is >= 2 and < 1e15 ? value.ToString("N0", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 1000 ? value.ToString("N1", CultureInfo.InvariantCulture)
        : value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary><c>0:46</c>, <c>12:05</c>, <c>3:02:10</c>.</summary>
    public static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"
        : $"{time.Minutes}:{time.Seconds:00}";

    /// <summary>A time to plan by: <c>40 s</c>, <c>25 min</c>, <c>3.5 h</c>.</summary>
    public static string About(TimeSpan time) => time.TotalSeconds < 90 ? $"{Math.Ceiling(time.TotalSeconds):0} s"
        : time.TotalMinutes < 90 ? $"{time.TotalMinutes:0} min"
        : time.TotalHours.ToString("0.#", CultureInfo.InvariantCulture) + " h";

    /// <summary>A name of a headline figure as a column: <c>miou</c> is mIoU.</summary>
    public static string Title(string name) => name == "miou" ? "mIoU" : name.Replace('_', ' ');
}
