namespace InMARS.Cli.Execution;

/// <summary>The end of standard input as a token: it comes when whoever holds the other end lets go or is gone.</summary>
internal static class InputSignal
{
    /// <summary>A token that is also cancelled with <paramref name="other"/>; lives as long as the process.</summary>
    public static CancellationToken EndOr(CancellationToken other)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(other);
        var reader = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            input.CopyTo(Stream.Null);
            source.Cancel();
        })
        {
            IsBackground = true,
            Name = "standard input",
        };
        reader.Start();
        return source.Token;
    }
}
