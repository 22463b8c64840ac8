using System.Diagnostics;
using System.Numerics;

namespace InMARS.Pipeline.Graphs;

/// <summary>
/// Where the time of a stage goes. Each of its slots (one a degree of parallelism) is at any moment busy in the kernel,
/// starved (no item was ready) or blocked (an item was ready, but there was no room behind the stage or no core).
/// </summary>
internal sealed class StageMeter
{
    private const int BinsPerOctave = 8;
    private readonly Lock _gate = new();
    private readonly Stack<long> _idleSince = new();
    private readonly long[] _bins = new long[48 * BinsPerOctave];
    private readonly long _start;
    private long _calls;
    private long _busy;
    private long _starved;
    private long _blocked;
    private long _queued;
    private readonly bool _byProcessor;
    private (long Process, long Thread) _begun;
    private (long Process, long Thread) _processor;
    private long _gone;
    private int _surplus;

    /// <param name="byProcessor">Whether processor time is taken too; only where no kernel has another beside it can it be told whose it is.</param>
    public StageMeter(int parallelism, long start, bool byProcessor = false)
    {
        Parallelism = parallelism;
        _byProcessor = byProcessor;
        _start = start;
        for (var i = 0; i < parallelism; i++)
        {
            _idleSince.Push(start);
        }
    }

    public int Parallelism { get; private set; }

    public long Calls
    {
        get
        {
            lock (_gate)
            {
                return _calls;
            }
        }
    }

    /// <summary>Median time of a call, in milliseconds, within 7 %; 0 before the first.</summary>
    public double MedianMs
    {
        get
        {
            lock (_gate)
            {
                return Milliseconds(Percentile(0.5));
            }
        }
    }

    /// <summary>The stage has no more slots than these from now on; kernels at work keep theirs until they are done.</summary>
    public void Lower(int parallelism)
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            _surplus += Parallelism - parallelism;
            _gone += (Parallelism - parallelism) * (now - _start);
            Parallelism = parallelism;
            while (_surplus > 0 && _idleSince.TryPop(out var since))
            {
                _starved += Math.Max(0, now - since);
                _surplus--;
            }
        }
    }

    /// <summary>A source reads on: it is never starved, and nothing queues before it.</summary>
    public long Begin() => Begin(null);

    /// <summary>A kernel starts on an item that was ready at <paramref name="readyAt"/>; returns the time stamp of now.</summary>
    public long Begin(long? readyAt)
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            var idleSince = _idleSince.Count > 0 ? _idleSince.Pop() : now;
            var starved = Math.Clamp((readyAt ?? idleSince) - idleSince, 0, now - idleSince);
            _starved += starved;
            _blocked += now - idleSince - starved;
            _queued += Math.Max(0, now - (readyAt ?? now));
            _begun = _byProcessor ? ProcessorClock.Now() : default;
            return now;
        }
    }

    /// <summary>The kernel that began at <paramref name="begun"/> is done.</summary>
    public void End(long begun)
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            _calls++;
            _busy += now - begun;
            var processor = _byProcessor ? ProcessorClock.Now() : default;
            _processor = (_processor.Process + processor.Process - _begun.Process, _processor.Thread + processor.Thread - _begun.Thread);
            _bins[Bin(now - begun)]++;
            if (_surplus > 0)
            {
                _surplus--;
                return;
            }

            _idleSince.Push(now);
        }
    }

    /// <summary>Time that the stage waited for room, when it knows that itself.</summary>
    public void Blocked(long ticks)
    {
        lock (_gate)
        {
            _blocked += ticks;
            if (_idleSince.TryPop(out var since))
            {
                _idleSince.Push(since + ticks);
            }
        }
    }

    public StageTimes Read(long now)
    {
        lock (_gate)
        {
            var waiting = _idleSince.Sum(since => Math.Max(0, now - since));
            var wall = Math.Max(1, now - _start);
            var slots = ((double)wall * Parallelism) + _gone;
            return new StageTimes(
                _calls,
                _busy / slots,
                (_starved + waiting) / slots,
                _blocked / slots,
                _calls == 0 ? 0 : Milliseconds((double)_busy / _calls),
                Milliseconds(Percentile(0.95)),
                (double)_queued / wall,
                Milliseconds(_busy) / 1000)
            {
                Processor = _byProcessor && _calls > 0 ? new ProcessorMs(_processor.Process / 1e6 / _calls, _processor.Thread / 1e6 / _calls) : null,
            };
        }
    }

    private static double Milliseconds(double ticks) => ticks * 1000 / Stopwatch.Frequency;

    private static int Bin(long ticks)
    {
        var octave = BitOperations.Log2((ulong)Math.Max(1, ticks));
        var within = octave < 3 ? 0 : (int)((ticks >> (octave - 3)) & (BinsPerOctave - 1));
        return Math.Min((octave * BinsPerOctave) + within, (48 * BinsPerOctave) - 1);
    }

    private double Percentile(double share)
    {
        var rank = (long)Math.Ceiling(share * _calls);
        long seen = 0;
        for (var bin = 0; bin < _bins.Length; bin++)
        {
            seen += _bins[bin];
            if (seen >= rank && seen > 0)
            {
                return Math.Pow(2, bin / BinsPerOctave) * (1 + ((bin % BinsPerOctave + 0.5) / BinsPerOctave));
            }
        }

        return 0;
    }
}

/// <summary>Figures of one stage over one flow.</summary>
/// <param name="Busy">Share of its slots' time in the kernel, 0 to 1.</param>
/// <param name="Starved">Share waiting for an item.</param>
/// <param name="Blocked">Share waiting for room behind it, or for a core.</param>
/// <param name="MeanMs">Mean kernel time, in milliseconds.</param>
/// <param name="P95Ms">95th percentile of kernel times, in milliseconds, within 7 %.</param>
/// <param name="MeanQueue">Mean number of items that were ready and waited (Little's law).</param>
/// <param name="KernelSeconds">Sum of all kernel times.</param>
public sealed record StageTimes(
    long Calls, double Busy, double Starved, double Blocked, double MeanMs, double P95Ms, double MeanQueue, double KernelSeconds)
{
    /// <summary>Mean processor time of a call; null where it was not taken.</summary>
    public ProcessorMs? Processor { get; init; }
}

/// <summary>Processor time in milliseconds.</summary>
/// <param name="Process">Of all threads of the process.</param>
/// <param name="Thread">Of the thread that called the kernel, where that ended on it.</param>
public sealed record ProcessorMs(double Process, double Thread);
