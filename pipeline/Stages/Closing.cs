namespace InMARS.Pipeline.Stages;

/// <summary>Closes what a stage opened, whichever way it is closed.</summary>
internal static class Closing
{
    public static ValueTask Close<T>(T resource)
    {
        switch (resource)
        {
            case IAsyncDisposable asynchronous:
                return asynchronous.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                return ValueTask.CompletedTask;
            default:
                return ValueTask.CompletedTask;
        }
    }
}
