using System.Diagnostics;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>Kills in the middle of the writes that matter most, as the watch of the file system tells of them.</summary>
[Collection(Alone.Name)]
public sealed class AimedKillTests : IDisposable
{
    private const int Hits = 2;
    private const int Shots = 40;
    private readonly TemporaryFolder _folder = new();
    private readonly Night _night;

    public AimedKillTests() => _night = new Night(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("*.checkpoint.part")]
    [InlineData(".*.tar.part")]
    public async Task A_kill_while_a_file_is_written_leaves_no_trace(string target)
    {
        var expected = await _night.UndisturbedAsync();
        var place = _night.Place("killed");
        var random = new Random(7);
        var (shots, hits) = (0, 0);
        var run = await place.RunAsync(process => KillAt(process, place, target, random.Next(3)), "run", _night.RunFile());
        while (run.Code is not (0 or 3))
        {
            Assert.True(run.Code == 128 + 9, run.Told);
            hits += Directory.Exists(Night.PathOf(place)) && Directory.EnumerateFiles(Night.PathOf(place), target, SearchOption.AllDirectories).Any() ? 1 : 0;
            run = hits < Hits && ++shots < Shots
                ? await place.RunAsync(process => KillAt(process, place, target, random.Next(3)), _night.Continue(place))
                : await place.RunAsync(_night.Continue(place));
        }

        Assert.Equal(expected, Night.Digest(place));
        Assert.SkipWhen(hits == 0, $"the disk was too quick for {shots} kills: none left a {target} behind");
    }

    /// <summary>Kills when the run has begun a file of that name for the time after <paramref name="passed"/> others.</summary>
    private static void KillAt(Process process, Inmars place, string target, int passed)
    {
        using var watcher = new FileSystemWatcher(place.Directory, target) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, _) =>
        {
            if (Interlocked.Decrement(ref passed) < 0 && !process.HasExited)
            {
                process.Kill();
            }
        };
        watcher.EnableRaisingEvents = true;
        process.WaitForExit();
    }
}
