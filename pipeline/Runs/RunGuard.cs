using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>One process at a time, by a lock of the system on a file; nothing stays locked when a process dies.</summary>
internal static class RunGuard
{
    private const int Attempts = 200;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(10);

    /// <summary>Does something short while no other process or thread does anything under the same file.</summary>
    /// <exception cref="RunException">The file cannot be made, or stays locked for two seconds.</exception>
    public static void Hold(string path, Action act)
    {
        try
        {
            using var guard = Open(path);
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot lock '{Path.GetDirectoryName(path)}': {e.Message}", e);
        }
    }

    private static FileStream Open(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException) && attempt < Attempts)
            {
                Thread.Sleep(BetweenAttempts);
            }
        }
    }
}
