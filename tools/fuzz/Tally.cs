using System.Globalization;

namespace InMARS.Fuzz;

/// <summary>What a target did with its inputs.</summary>
/// <param name="Next">Number of the input that comes next, or of the one in hand when the process died.</param>
/// <param name="SlowestMs">Most processor time of one input.</param>
/// <param name="Slowest">Its number.</param>
/// <param name="GrowthKb">Managed memory at the end beyond that after the first tenth.</param>
internal sealed record Tally(long Next, long Faults, long Crashes, long SlowestMs, long Slowest, long GrowthKb)
{
    public static Tally Zero(long from) => new(from, 0, 0, 0, from, 0);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Next} {Faults} {Crashes} {SlowestMs} {Slowest} {GrowthKb}");

    public static Tally Parse(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray() is [var a, var b, var c, var d, var e, var f]
            ? new Tally(a, b, c, d, e, f)
            : throw new FormatException($"expected six numbers, found '{text}'");
}
