using InMARS.Pipeline.Runs;

namespace InMARS.Soak;

/// <summary>Memory of the longest session of a run in its longest flow, as its ledger has it for each shard: another flow needs another amount.</summary>
/// <param name="FirstMb">Resident, when the first shard was behind it.</param>
/// <param name="LastMb">Resident, at its last shard.</param>
/// <param name="SlopeMbAMinute">Of a line through its second half: what it reserves once, it has reserved by then.</param>
/// <param name="Minutes">Between first and last shard.</param>
internal sealed record MemoryTrend(double FirstMb, double LastMb, double SlopeMbAMinute, double Minutes)
{
    /// <summary>What the second half of the session may add, in MiB: the heap breathes that much.</summary>
    private const double MostGrowthMb = 48;

    /// <summary>Whether the second half has not grown.</summary>
    public bool IsFlat => SlopeMbAMinute * Minutes / 2 < MostGrowthMb;

    /// <returns>Null where the session has settled fewer than two moments.</returns>
    public static MemoryTrend? OfLongestSession(string run)
    {
        using var ledger = LedgerReader.Open(run);
        var starts = ledger.Sessions().Select(s => s.Started).ToList();
        var marks = ledger.Shards(ledger.Flows().MaxBy(f => f.Elapsed)!.Name).Where(s => s.Event.Memory is not null)
            .Select(s => (Time: s.Last, Mb: s.Event.Memory!.Resident / (double)(1 << 20))).Distinct()
            .GroupBy(m => starts.FindLastIndex(start => start <= m.Time))
            .Select(g => g.OrderBy(m => m.Time).ToList())
            .MaxBy(g => g[^1].Time - g[0].Time) ?? [];
        return marks.Count < 2 ? null : Of([.. marks.Select(m => ((m.Time - marks[0].Time).TotalMinutes, m.Mb))]);
    }

    private static MemoryTrend Of(IReadOnlyList<(double Minute, double Mb)> marks)
    {
        var half = marks[^1].Minute / 2;
        return new MemoryTrend(marks[0].Mb, marks[^1].Mb, Slope([.. marks.Where(m => m.Minute >= half)]), marks[^1].Minute);
    }

    private static double Slope(List<(double X, double Y)> points)
    {
        var (x, y) = (points.Average(p => p.X), points.Average(p => p.Y));
        var spread = points.Sum(p => (p.X - x) * (p.X - x));
        return spread > 0 ? points.Sum(p => (p.X - x) * (p.Y - y)) / spread : 0;
    }
}
