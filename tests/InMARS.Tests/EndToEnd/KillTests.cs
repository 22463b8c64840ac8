using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>A run that is killed and resumed gives, bit for bit, what a run gives that nobody disturbs.</summary>
[Collection(Alone.Name)]
public sealed class KillTests : IDisposable
{
    private const int Kills = 50;
    private const int LongestMs = 2500;
    private readonly TemporaryFolder _folder = new();
    private readonly Night _night;

    public KillTests() => _night = new Night(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fifty_kills_at_random_moments_leave_no_trace()
    {
        var expected = await _night.UndisturbedAsync();
        var random = new Random(20);
        var (killed, round) = (0, 0);
        while (killed < Kills)
        {
            var place = _night.Place($"killed-{round++}");
            killed += await KillUntilDoneAsync(place, random, Kills - killed);

            Assert.Equal(expected, Night.Digest(place));
        }
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_at_a_border_and_can_be_resumed(string signal)
    {
        var expected = await _night.UndisturbedAsync();
        var place = _night.Place("signalled");

        var stopped = await place.RunAsync(process => SignalInTraining(process, signal, place), "run", _night.RunFile());
        var resumed = await place.RunAsync("resume", Night.Run);

        Assert.True(stopped.Code == 75, stopped.Told);
        Assert.Contains("To go on from its last checkpoint: inmars resume runs/night", stopped.Told, StringComparison.Ordinal);
        Assert.True(resumed.Code == 3, resumed.Told);
        Assert.Equal(expected, Night.Digest(place));
    }

    private async Task<int> KillUntilDoneAsync(Inmars place, Random random, int most)
    {
        string[] command = ["run", _night.RunFile()];
        for (var killed = 0; ; killed++)
        {
            var run = killed < most
                ? await place.RunAsync(process => KillWithin(process, random.Next(LongestMs)), command)
                : await place.RunAsync(command);
            if (run.Code is 0 or 3)
            {
                return killed;
            }

            Assert.True(run.Code == 128 + 9, run.Told);
            command = _night.Continue(place);
        }
    }

    private static void KillWithin(System.Diagnostics.Process process, int milliseconds)
    {
        if (!process.WaitForExit(milliseconds))
        {
            process.Kill();
        }
    }

    private static void SignalInTraining(System.Diagnostics.Process process, string signal, Inmars place)
    {
        var log = Path.Combine(Night.PathOf(place), "training.jsonl");
        SpinWait.SpinUntil(() => process.HasExited || (File.Exists(log) && new FileInfo(log).Length > 0));
        System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();
    }
}
