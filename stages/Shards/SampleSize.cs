namespace InMARS.Stages.Shards;

/// <summary>What a sample will take in memory once it is decoded and cut.</summary>
public static class SampleSize
{
    /// <summary>Bytes to take from the run's memory budget for an encoded image: a rough factor over its encoded size.</summary>
    public static long Of(byte[] image) => image.Length * 20L;
}
