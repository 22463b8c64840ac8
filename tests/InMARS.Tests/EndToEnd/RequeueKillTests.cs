using System.Diagnostics;
using System.Security.Cryptography;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>Kills a requeue at its writes, as the watch of the file system tells of them.</summary>
[Collection(Alone.Name)]
public sealed class RequeueKillTests : IDisposable
{
    private const int Most = 20;
    private readonly TemporaryFolder _folder = new();
    private readonly LateScores _late;

    public RequeueKillTests() => _late = new LateScores(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("*.tar.part")]
    [InlineData("requeue.json")]
    [InlineData("rejects.jsonl.part")]
    [InlineData("flow-predict.json.part")]
    [InlineData("*.checkpoint.part")]
    [InlineData("flow-evaluate.json.part")]
    public async Task What_was_cut_short_is_brought_to_its_end(string target)
    {
        await _late.RunAsync("expected");
        var whole = await Product.RunAsync("requeue", _late.Place("expected"), "--set", LateScores.Lenient);
        Assert.True(whole.Code == 0, whole.Told);
        await _late.RunAsync("late");
        var place = new Inmars(_late.Place("late"));

        var (kills, calls) = (0, 0);
        var passed = new Random(target.Length);
        var run = await place.RunAsync(process => KillAt(process, place, target, 0), Again);
        while (run.Code != 0)
        {
            Assert.True(run.Code is 128 + 9 or 2 && calls < Most, run.Told);
            kills += run.Code == 2 ? 0 : 1;
            string[] next = run.Code == 2 ? ["resume", place.Directory] : Again;
            run = ++calls < 4 ? await place.RunAsync(process => KillAt(process, place, target, passed.Next(3)), next) : await place.RunAsync(next);
            run = next[0] == "resume" && run.Code == 0 ? await place.RunAsync(Again) : run;
        }

        Assert.Equal(Digest("expected"), Digest("late"));
        Assert.SkipWhen(kills == 0, $"the disk was too quick: no kill came while {target} was written");
    }

    private string[] Again => ["requeue", _late.Place("late"), "--set", LateScores.Lenient];

    /// <summary>All that a run is for; which requeue brought it there is another matter.</summary>
    private string Digest(string name)
    {
        var run = _late.Run(name);
        var files = run.Files.Where(f => f.StartsWith("predictions/", StringComparison.Ordinal) || f.StartsWith("quarantine/", StringComparison.Ordinal) || f is "metrics.json" or "rejects.jsonl" or "resume/requeue.json");
        return string.Join('\n', files.Select(f => $"{f} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(run.Path, f))))}"));
    }

    /// <summary>Kills when a file of that name is begun in the run directory for the time after <paramref name="passed"/> others.</summary>
    private static void KillAt(Process process, Inmars place, string target, int passed)
    {
        using var watcher = new FileSystemWatcher(place.Directory, target) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, _) => KillBehind();
        watcher.Renamed += (_, _) => KillBehind();
        watcher.EnableRaisingEvents = true;
        process.WaitForExit();

        void KillBehind()
        {
            if (Interlocked.Decrement(ref passed) < 0 && !process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
