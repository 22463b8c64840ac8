namespace InMARS.Soak;

/// <summary>What may happen to a run in the night.</summary>
internal enum Mishap
{
    Kill,
    Terminate,
    Interrupt,
    Stall,

    /// <summary>The room on the disk falls below the floor of the run.</summary>
    ScarceDisk,

    /// <summary>There is no room on the disk.</summary>
    FullDisk,
}

/// <summary>One of them, to come.</summary>
/// <param name="After">Time that the run has been at work before.</param>
/// <param name="AtStart">Whether that counts from the start of the process, so that it may still be at its beginning.</param>
internal sealed record Trial(Mishap Mishap, TimeSpan After, bool AtStart)
{
    private const double ShortestSeconds = 20;
    private const double LongestSeconds = 60;
    private const double StartSeconds = 3;
    private const int FewestKills = 3;

    /// <summary>Mishaps that are needed: kills, and one of each other kind.</summary>
    private static readonly int Needed = FewestKills + Enum.GetValues<Mishap>().Length - 1;

    /// <summary>What a run works on between being told of a mishap and its end.</summary>
    private const double AfterwardsSeconds = 1.5;

    /// <summary>How long a run should be at work to meet all that is needed.</summary>
    public static double NeededSeconds(SoakOptions options) => Needed * ((options.Scale * (ShortestSeconds * 3 / 4)) + AfterwardsSeconds);

    /// <summary>Every mishap there is and some kills, in any order and soon, so that a run of any length meets them; then kills for the rest of the time.</summary>
    /// <param name="seconds">That the undisturbed run took.</param>
    public static IReadOnlyList<Trial> Draw(SoakOptions options, double seconds, bool withDisk)
    {
        var random = new Random(options.Seed);
        Mishap[] needed =
        [
            .. Enumerable.Repeat(Mishap.Kill, FewestKills), Mishap.Terminate, Mishap.Interrupt, Mishap.Stall,
            .. withDisk ? [Mishap.ScarceDisk, Mishap.FullDisk] : Array.Empty<Mishap>(),
        ];
        random.Shuffle(needed);
        var trials = needed.Select(mishap => new Trial(mishap, Time(random, options, ShortestSeconds / 2, ShortestSeconds), false)).ToList();
        while (trials.Sum(t => t.After.TotalSeconds) < 0.8 * seconds)
        {
            trials.Add(Killing(random, options));
        }

        return BeginningAsUsual(trials);
    }

    /// <summary>The run begins in its usual mood, which is then frozen into it.</summary>
    private static List<Trial> BeginningAsUsual(List<Trial> trials)
    {
        var first = trials.Find(t => t is { AtStart: false, Mishap: Mishap.Kill or Mishap.Terminate or Mishap.Interrupt })!;
        _ = trials.Remove(first);
        return [first, .. trials];
    }

    /// <summary>One in four comes while the process starts, one in eight asks before it kills.</summary>
    private static Trial Killing(Random random, SoakOptions options) => random.Next(8) switch
    {
        0 or 1 => new Trial(Mishap.Kill, TimeSpan.FromSeconds(StartSeconds * random.NextDouble()), true),
        2 => new Trial(random.Next(2) == 0 ? Mishap.Terminate : Mishap.Interrupt, Time(random, options, ShortestSeconds, LongestSeconds), false),
        _ => new Trial(Mishap.Kill, Time(random, options, ShortestSeconds, LongestSeconds), false),
    };

    private static TimeSpan Time(Random random, SoakOptions options, double least, double most) =>
        TimeSpan.FromSeconds(options.Scale * (least + ((most - least) * random.NextDouble())));
}
