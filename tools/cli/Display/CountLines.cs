namespace InMARS.Cli.Display;

/// <summary>A count that grows, told every few seconds.</summary>
internal sealed class CountLines(Shell shell, string what) : IProgress<long>
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private long _last = shell.Time.GetTimestamp();

    public void Report(long value)
    {
        if (shell.Time.GetElapsedTime(_last) >= Between)
        {
            _last = shell.Time.GetTimestamp();
            shell.Out.WriteLine($"{Plain.Count(value)} {what}");
        }
    }
}
