namespace InMARS.Pipeline.Runs;

/// <summary>Memory of this process.</summary>
internal static class MemoryProbe
{
    /// <param name="resident">Bytes of all of it that lie in memory.</param>
    /// <param name="queued">Bytes of the items between the stages.</param>
    /// <param name="nativeValues">Counts values outside the managed heap; null where nobody does.</param>
    public static MemoryFigures Read(long resident, long queued, Func<long>? nativeValues) =>
        new(resident, Math.Max(0, GC.GetTotalMemory(forceFullCollection: false)), queued, nativeValues?.Invoke());
}
