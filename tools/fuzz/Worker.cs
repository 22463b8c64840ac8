using System.Text;

namespace InMARS.Fuzz;

/// <summary>Feeds a target inputs, and keeps on record which one is in hand: a native crash leaves nothing else behind.</summary>
/// <param name="crashed">Told the number of an input and the exception it made.</param>
internal sealed class Worker(Target target, long seed, string record, Action<long, Exception> crashed)
{
    private const int RecordLength = 100;

    /// <param name="start">What the inputs before did.</param>
    /// <param name="end">The input to stop before.</param>
    public Tally Run(Tally start, long end)
    {
        using var scratch = new ScratchFile();
        WarmUp(scratch);
        using var file = new FileStream(record, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        var (tally, settled) = (start, start.Next + ((end - start.Next) / 10));
        var before = 0L;
        while (tally.Next < end)
        {
            file.Position = 0;
            file.Write(Encoding.ASCII.GetBytes(tally.ToString().PadRight(RecordLength)));
            tally = Step(tally, scratch);
            before = tally.Next == settled ? GC.GetTotalMemory(forceFullCollection: true) : before;
        }

        var growth = before > 0 ? (GC.GetTotalMemory(forceFullCollection: true) - before) >> 10 : 0;
        return tally with { GrowthKb = Math.Max(start.GrowthKb, growth) };
    }

    /// <summary>Reads the whole files, so that no input is slow because it comes first.</summary>
    private void WarmUp(ScratchFile scratch)
    {
        foreach (var whole in target.Corpus)
        {
            _ = target.Refuses(whole, scratch);
        }
    }

    private Tally Step(Tally tally, ScratchFile scratch)
    {
        var (number, input) = (tally.Next, target.Input(seed, tally.Next));
        var (refused, crashes) = (false, 0);
        var begun = Environment.CpuUsage.TotalTime;
        try
        {
            refused = target.Refuses(input, scratch);
        }
        catch (Exception e)
        {
            crashes = 1;
            crashed(number, e);
        }

        var took = (long)(Environment.CpuUsage.TotalTime - begun).TotalMilliseconds;
        return tally with
        {
            Next = number + 1,
            Faults = tally.Faults + (refused ? 1 : 0),
            Crashes = tally.Crashes + crashes,
            SlowestMs = Math.Max(took, tally.SlowestMs),
            Slowest = took > tally.SlowestMs ? number : tally.Slowest,
        };
    }
}
