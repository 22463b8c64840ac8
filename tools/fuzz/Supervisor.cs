using System.Diagnostics;

namespace InMARS.Fuzz;

/// <summary>Runs each target in a process of its own, so that one that dies or hangs is counted and the rest goes on.</summary>
internal sealed class Supervisor(FuzzOptions options)
{
    private const long MostGrowthKb = 16 << 10;
    private const int MostDeaths = 20;
    private const int MostLines = 200;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patienceWithIdle = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(250);

    /// <summary>Prints one line; says whether all is well.</summary>
    public async Task<bool> RunAsync(Target target)
    {
        var (from, count) = (options.From, options.CountOf(target));
        var (tally, deaths) = (Tally.Zero(from), 0);
        while (tally.Next < from + count && deaths < MostDeaths)
        {
            (tally, var died) = await GoOnAsync(target, tally, from + count);
            deaths += died ? 1 : 0;
        }

        var (crashes, well) = (tally.Crashes + deaths, tally.SlowestMs < _patience.TotalMilliseconds && tally.GrowthKb < MostGrowthKb);
        Console.WriteLine(
            $"{target.Name,-8}{tally.Next - from,8} inputs {tally.Faults,8} faults {crashes,4} crashes   slowest {tally.SlowestMs,5} ms (input {tally.Slowest})   growth {tally.GrowthKb / 1024.0:0.0} MiB");
        return crashes == 0 && well;
    }

    private async Task<(Tally Tally, bool Died)> GoOnAsync(Target target, Tally start, long end)
    {
        var record = Path.Combine(options.Records, $"{target.Name}.txt");
        File.WriteAllText(record, start.ToString());
        using var worker = Start(target, record, end);
        var said = worker.StandardOutput.ReadToEndAsync();
        await using var native = File.Create(Path.ChangeExtension(record, ".err"));
        var muttered = worker.StandardError.BaseStream.CopyToAsync(native);
        var hung = await HungAsync(worker, record);
        await muttered;
        var lines = (await said).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.SkipLast(worker.ExitCode == 0 ? 1 : 0).Take(MostLines))
        {
            Console.WriteLine(line);
        }

        if (worker.ExitCode == 0)
        {
            return (Tally.Parse(lines[^1]), false);
        }

        var last = Tally.Parse(File.ReadAllText(record));
        Console.WriteLine($"{target.Name}: the process {(hung ? "hung" : $"died with exit code {worker.ExitCode}")} at input {last.Next}; again: --target {target.Name} --seed {options.Seed} --from {last.Next} --count 1");
        return (last with { Next = last.Next + 1 }, true);
    }

    /// <summary>Waits for the end; a worker whose record stands still is ended.</summary>
    /// <remarks>Processor time counts, since on a busy machine seconds pass in which nothing runs; idle ones count where something waits for ever.</remarks>
    private static async Task<bool> HungAsync(Process worker, string record)
    {
        var (seen, since, used) = ("", Stopwatch.GetTimestamp(), TimeSpan.Zero);
        while (!worker.HasExited)
        {
            await Task.WhenAny(worker.WaitForExitAsync(), Task.Delay(_glance));
            var (now, spent) = (File.ReadAllText(record), Spent(worker));
            if (now != seen)
            {
                (seen, since, used) = (now, Stopwatch.GetTimestamp(), spent);
            }
            else if (!worker.HasExited && (spent - used > _patience || Stopwatch.GetElapsedTime(since) > _patienceWithIdle))
            {
                worker.Kill();
                await worker.WaitForExitAsync();
                return true;
            }
        }

        return false;
    }

    private static TimeSpan Spent(Process worker)
    {
        try
        {
            return worker.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
            return TimeSpan.Zero;
        }
    }

    private Process Start(Target target, string record, long end) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath!, ["--target", target.Name, "--seed", $"{options.Seed}", "--until", $"{end}", "--record", record])
    { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
