namespace InMARS.Cli.Benchmarks.Running;

/// <summary>Times of the rounds of one piece of work, in milliseconds.</summary>
internal readonly record struct Times(double Median, double Minimum, int Rounds)
{
    /// <param name="ms">One or more.</param>
    public static Times Of(IEnumerable<double> ms)
    {
        double[] sorted = [.. ms.Order()];
        return new Times((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted.Length);
    }

    /// <summary>Of one, where a round did <paramref name="count"/>.</summary>
    public static Times operator /(Times times, double count) => times with { Median = times.Median / count, Minimum = times.Minimum / count };

    public static Times operator *(double count, Times times) => times with { Median = count * times.Median, Minimum = count * times.Minimum };

    public static Times operator +(Times a, Times b) => a with { Median = a.Median + b.Median, Minimum = a.Minimum + b.Minimum };
}

/// <summary>By the clock, and of all processors together, which other programs disturb less.</summary>
internal readonly record struct Timed(Times Wall, Times Processor)
{
    public static Timed operator /(Timed timed, double count) => new(timed.Wall / count, timed.Processor / count);
}
