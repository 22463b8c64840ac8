namespace InMARS.Pipeline.Graphs;

/// <summary>How many kernels of a stage may be at work at once; may be lowered while they are.</summary>
internal sealed class Hands(int most) : IDisposable
{
    private readonly SemaphoreSlim _free = new(most);

    public int Most { get; private set; } = most;

    /// <summary>Waits until a kernel may begin; no thread is kept meanwhile. Whoever has a hand gives it back, also where the run stops.</summary>
    public Task TakeAsync() => _free.WaitAsync();

    public void Leave() => _free.Release();

    /// <summary>Takes hands away for good: those that are free, and others as soon as they are.</summary>
    /// <param name="most">1 or more; where it is more than there are, nothing changes.</param>
    public void Lower(int most)
    {
        for (; Most > most; Most--)
        {
            _ = _free.WaitAsync();
        }
    }

    public void Dispose() => _free.Dispose();
}
