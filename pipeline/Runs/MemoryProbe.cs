namespace InMARS.Pipeline.Runs;

/// <summary>Memory of this process.</summary>
internal static class MemoryProbe
{
    /// <param name="queued">Bytes of the items between the stages.</param>
    /// <param name="nativeValues">Counts values outside the managed heap; null where nobody does.</param>
    public static MemoryFigures Read(long queued, Func<long>? nativeValues) =>
        new(Environment.WorkingSet, Math.Max(0, GC.GetTotalMemory(forceFullCollection: false)), queued, nativeValues?.Invoke());
}
