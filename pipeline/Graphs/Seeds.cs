namespace InMARS.Pipeline.Graphs;

/// <summary>Random seeds that depend on what is drawn for, never on when or on which thread.</summary>
public static class Seeds
{
    /// <summary>Seed of one item in one stage.</summary>
    public static ulong Of(long runSeed, string stage, int epoch, long index) =>
        Mix(Mix(Mix((ulong)runSeed ^ Hash(stage)) + (ulong)epoch) + (ulong)index);

    /// <summary>The output function of SplitMix64 (Steele, Lea, Flood 2014): every bit of the result depends on every bit of the input.</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>FNV-1a, 64 bits: the same on every machine and in every process, as <c>string.GetHashCode</c> is not.</summary>
    private static ulong Hash(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        return hash;
    }
}
