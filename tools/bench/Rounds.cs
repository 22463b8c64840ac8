using System.Diagnostics;

namespace InMARS.Bench;

/// <summary>Times of several rounds of one piece of work, after a warm-up.</summary>
internal sealed record Rounds(double MinMs, double MedianMs)
{
    public static Rounds Of(int rounds, Action work)
    {
        work();
        return From([.. Enumerable.Range(0, rounds).Select(_ => Time(work))]);
    }

    /// <summary>Two pieces of work in turn, A B A B, so that a change of the machine's speed meets both.</summary>
    public static (Rounds A, Rounds B) Interleaved(int rounds, Action a, Action b)
    {
        a();
        b();
        var times = Enumerable.Range(0, rounds).Select(_ => (A: Time(a), B: Time(b))).ToList();
        return (From([.. times.Select(t => t.A)]), From([.. times.Select(t => t.B)]));
    }

    private static double Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static Rounds From(List<double> ms)
    {
        ms.Sort();
        return new Rounds(ms[0], ms[ms.Count / 2]);
    }
}
