using System.Globalization;

namespace InMARS.Pipeline.Runs;

/// <summary>Memory over the time of a flow, and whether it grows. Keeps few samples, however long the flow is.</summary>
internal sealed class MemoryTrend
{
    private const int Most = 512;
    private const int Fewest = 30;

    /// <summary>Share of the samples, from the first on, that are not looked at: a flow fills its queues and caches first.</summary>
    private const double Warming = 0.25;

    private const double LeastBytes = 64 << 20;
    private const double LeastShare = 0.1;
    private readonly List<(TimeSpan At, MemoryFigures Memory)> _samples = [];
    private int _every = 1;
    private int _seen;

    public void Note(TimeSpan at, MemoryFigures memory)
    {
        if (_seen++ % _every != 0)
        {
            return;
        }

        _samples.Add((at, memory));
        if (_samples.Count == Most)
        {
            _every *= 2;
            var kept = _samples.Where((_, i) => i % 2 == 0).ToList();
            _samples.Clear();
            _samples.AddRange(kept);
        }
    }

    /// <summary>What grows, in a sentence; null where nothing does, or too little was seen.</summary>
    public string? Finding()
    {
        var looked = _samples.Skip((int)(_samples.Count * Warming)).ToList();
        if (looked.Count < Fewest)
        {
            return null;
        }

        var resident = Growth(looked, m => m.Resident);
        var mean = looked.Average(s => s.Memory.Resident);
        if (resident < Math.Max(LeastBytes, LeastShare * mean))
        {
            return null;
        }

        var time = looked[^1].At - looked[0].At;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"resident memory grew by {resident / (1 << 20):0} MiB in {time.TotalMinutes:0.#} minutes; {Suspect(looked, resident)}");
    }

    private static string Suspect(List<(TimeSpan At, MemoryFigures Memory)> looked, double resident)
    {
        var (managed, queued) = (Growth(looked, m => m.Managed), Growth(looked, m => m.Queued));
        if (queued >= resident / 2)
        {
            return "the items between the stages grew with it: a stage falls behind, see run.memory_mb";
        }

        if (managed >= resident / 2)
        {
            return "the managed heap grew with it: a stage or a sink keeps what it was given";
        }

        return looked.TrueForAll(s => s.Memory.NativeValues is not null) && Growth(looked, m => m.NativeValues!.Value) is var values && values >= Fewest
            ? string.Create(CultureInfo.InvariantCulture, $"{values:0} values outside the managed heap came with it: a stage does not dispose what it makes")
            : "neither the managed heap nor the queues grew with it, so a native library did";
    }

    /// <summary>Slope of the least-squares line, times the time.</summary>
    private static double Growth(List<(TimeSpan At, MemoryFigures Memory)> looked, Func<MemoryFigures, double> figure)
    {
        var (x, y) = (looked.Average(s => s.At.TotalSeconds), looked.Average(s => figure(s.Memory)));
        var slope = looked.Sum(s => (s.At.TotalSeconds - x) * (figure(s.Memory) - y)) / looked.Sum(s => Math.Pow(s.At.TotalSeconds - x, 2));
        return slope * (looked[^1].At - looked[0].At).TotalSeconds;
    }
}
