using System.Globalization;

namespace InMARS.Soak;

/// <summary>The last words of a soak, as a table in Markdown.</summary>
internal static class SoakTable
{
    public static string Of(SoakReport report)
    {
        (string Name, string Value)[] rows =
        [
            ("kills (SIGKILL)", $"{report.Tally.Of(Mishap.Kill)}"),
            ("signals (SIGTERM + SIGINT)", $"{report.Tally.Of(Mishap.Terminate)} + {report.Tally.Of(Mishap.Interrupt)}"),
            ("stalls", $"{report.Tally.Of(Mishap.Stall)}"),
            ("disk stops (under the floor + full in a write)", report.NoDisk is { } reason
                ? $"skipped: {reason}"
                : $"{report.Tally.Of(Mishap.ScarceDisk)} + {report.Tally.Of(Mishap.FullDisk)}"),
            ("resumes", $"{report.Tally.Resumes}"),
            ("images x epochs", $"{report.Images} x {report.Epochs}"),
            ("damaged items, each rejected in every pass", $"{report.Damaged}"),
            ("files with the bytes of the undisturbed run", $"{report.Files}"),
            ("seconds, undisturbed + disturbed", string.Create(CultureInfo.InvariantCulture, $"{report.Undisturbed.TotalSeconds:0} + {report.Disturbed.TotalSeconds:0}")),
            ("RSS of the longest session", report.Memory is { } m
                ? string.Create(CultureInfo.InvariantCulture, $"{m.FirstMb:0} MiB first, {m.LastMb:0} MiB last, {m.SlopeMbAMinute:0.00} MiB a minute over the second half of {m.Minutes:0.0} minutes")
                : "not recorded"),
            ($"RSS over {report.Plenty.Images} small images", string.Create(CultureInfo.InvariantCulture, $"{report.Plenty.FirstMb:0} MiB in the first quarter, {report.Plenty.LastMb:0} MiB in the last")),
            ("time of one of these", string.Create(CultureInfo.InvariantCulture, $"{report.Plenty.FirstMs:0.00} ms in the first quarter, {report.Plenty.LastMs:0.00} ms in the last")),
            ("wrong", $"{report.Tally.Findings.Count}"),
        ];
        return string.Join('\n', [$"| soak of {report.Minutes.ToString(CultureInfo.InvariantCulture)} minutes, seed {report.Seed} | |", "|---|---|", .. rows.Select(r => $"| {r.Name} | {r.Value} |")]);
    }
}

/// <summary>What a soak has found.</summary>
/// <param name="NoDisk">Why there was no small disk; null where there was one.</param>
/// <param name="Files">Files that were compared.</param>
internal sealed record SoakReport(
    double Minutes, int Seed, Tally Tally, string? NoDisk, int Images, int Epochs, int Damaged, int Files, TimeSpan Undisturbed, TimeSpan Disturbed, MemoryTrend? Memory,
    PlentyFigures Plenty);
