namespace InMARS.Stages.Shards;

/// <summary>A small generator whose numbers are the same on every machine and in every version of the runtime.</summary>
/// <remarks>Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal sealed class SplitMix64(ulong state)
{
    /// <summary>All that the numbers to come depend on.</summary>
    public ulong State { get; set; } = state;

    /// <summary>The generator of one pass over a source: it depends on run seed, source and epoch, and on nothing else.</summary>
    public static SplitMix64 Of(long runSeed, string source, int epoch)
    {
        var hash = new SplitMix64((ulong)runSeed).Next();
        foreach (var c in source)
        {
            hash = new SplitMix64(hash ^ c).Next();
        }

        return new SplitMix64(new SplitMix64(hash ^ (ulong)epoch).Next());
    }

    public ulong Next()
    {
        State += 0x9E3779B97F4A7C15;
        var z = (State ^ (State >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="count"/> - 1; its bias is below count / 2^64.</summary>
    public int Below(int count) => (int)Below((long)count);

    public long Below(long count) => (long)Math.BigMul(Next(), (ulong)count, out _);
}
