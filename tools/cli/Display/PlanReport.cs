using System.Globalization;
using InMARS.Cli.Planning;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Display;

/// <summary>What a run will take, as lines for a person.</summary>
internal static class PlanReport
{
    private const string Gap = "  ";
    private const int MostIds = 12;
    private static readonly string[] Titles = ["flow", "images", "epochs", "images/s", "time", "memory", "writes"];

    public static IEnumerable<string> Lines(RunFigures run, TimeProvider time) =>
    [
        $"Plan of run '{run.Plan.Settings.Name}' into {run.Plan.Settings.Directory}",
        "",
        .. run.Flows.SelectMany(Flow),
        .. Table(run),
        "",
        .. Totals(run, new LocalClock(time)),
        .. Refused(run),
    ];

    private static IEnumerable<string> Flow(FlowFigures flow)
    {
        var input = flow.Input;
        yield return input.Missing is null
            ? $"{flow.Flow}: {(flow.Items is { } items ? Plain.Count(items, "image") : "images that nothing counts")}{(input.Files > 0 ? $" in {Plain.Count(input.Files, "file")}, {Plain.Mebibytes(input.Bytes)}" : "")}"
            : $"{flow.Flow}: {(flow.Items is { } made ? $"about {Plain.Count(made, "image")}, made by the flows before it" : $"nothing to read yet: {input.Missing}")}";
        foreach (var line in flow.Survey is { } survey ? Images(survey) : [])
        {
            yield return line;
        }

        foreach (var note in input.Check.Notes)
        {
            yield return $"  warning: {note}";
        }

        if (flow.Second is { } trial)
        {
            yield return $"  {trial.Summary.Bottleneck}";
            if (trial.Summary.Auto is { } auto)
            {
                yield return $"  auto, for {Plain.Count(auto.Cores, "core")}: {string.Join(", ", auto.Stages.Select(s => $"{s.Stage} x{s.Parallelism}"))}; at most {Plain.Count(auto.Alive, "image")} alive";
            }
        }
    }

    private static IEnumerable<string> Images(SampleSurvey survey)
    {
        yield return $"  of {Plain.Count(survey.Looked)} looked at: {Sizes(survey)}; {Counted(survey.Bands, b => Plain.Count(b, "band"))}; {Counted(survey.Formats, f => f)}";
        if (survey.LabelMaps > 0)
        {
            var ids = survey.Ids.Take(MostIds).Select(id => $"{id.Key} ({Share(id.Value)})");
            var more = survey.Ids.Count > MostIds ? $" and {survey.Ids.Count - MostIds} more" : "";
            yield return $"  ids of {Plain.Count(survey.LabelMaps, "label map")}, with their share of the pixels: {string.Join(", ", ids)}{more}";
        }
    }

    private static string Sizes(SampleSurvey survey) => survey.Sizes switch
    {
        [] => "none that can be read",
        [{ Key: var only }] => $"{only.Width} x {only.Height} pixels",
        [{ Key: var most }, ..] sizes => $"{sizes.Count} sizes, most {most.Width} x {most.Height} pixels, "
            + $"widths {sizes.Min(s => s.Key.Width)} to {sizes.Max(s => s.Key.Width)}, heights {sizes.Min(s => s.Key.Height)} to {sizes.Max(s => s.Key.Height)}",
    };

    private static string Counted<T>(IReadOnlyList<KeyValuePair<T, int>> found, Func<T, string> word) =>
        found is [var only] ? word(only.Key) : string.Join(", ", found.Select(f => $"{word(f.Key)} ({Plain.Count(f.Value)})"));

    private static string Share(double share) => share < 0.001 ? "< 0.1 %" : $"{(100 * share).ToString("0.0", CultureInfo.InvariantCulture)} %";

    private static IEnumerable<string> Table(RunFigures run)
    {
        List<string[]> rows =
        [
            Titles,
            .. run.Flows.Select(f => new[]
            {
                f.Flow, Known(f.Items, Plain.Count), Plain.Count(f.Epochs), Plain.Rate(f.PerSecond ?? 0), Known(f.Time, Plain.About), Known(f.Memory, Plain.Mebibytes), Known(f.Written, Plain.Mebibytes),
            }),
            ["in all", "", "", "", Known(run.Time, Plain.About), Known(run.Memory, Plain.Mebibytes), Known(run.Written, Plain.Mebibytes)],
        ];
        var widths = Titles.Index().Select(t => rows.Max(r => r[t.Index].Length)).ToList();
        return rows.Select(row => string.Join(Gap, row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd());
    }

    private static string Known<T>(T? value, Func<T, string> show)
        where T : struct => value is { } known ? show(known) : "?";

    private static IEnumerable<string> Totals(RunFigures run, LocalClock clock)
    {
        if (run is { Finish: { } finish, Time: { } time })
        {
            yield return $"Time: about {Plain.About(time)}; started now, it finishes at about {clock.Ahead(finish, run.Now)}.";
        }

        if (run is { Longest: { Second.Summary: var slowest } longest, Flows.Count: > 1 })
        {
            yield return $"Most of it goes to {longest.Flow}. {slowest?.Bottleneck}";
        }

        if (run.Memory is { } memory)
        {
            yield return $"Memory: about {Plain.Mebibytes(memory)}; there are {Plain.Mebibytes(run.MemoryLimit)}{(memory > run.MemoryLimit ? ", which is not enough: set a smaller run.memory_mb or batch" : "")}.";
        }

        if (run.Written is { } written)
        {
            var cache = run.Cached > 0 ? $", and {Plain.Mebibytes(run.Cached)} in {run.Plan.Settings.Cache}" : "";
            yield return $"Disk: about {Plain.Mebibytes(written)} in {run.Plan.Settings.Directory}{cache}; {Plain.Mebibytes(run.Free)} are free{(written + run.Cached > run.Free ? ", which is not enough" : "")}.";
        }

        if (run.TrialItems > 0)
        {
            yield return $"Speed, memory and disk are extrapolated from a trial: {string.Join(", ", run.Flows.Where(f => f.Second is not null).Select(f => $"{Plain.Count(f.Second!.Summary.Read, "image")} in {f.Flow}"))}.";
        }
    }

    private static IEnumerable<string> Refused(RunFigures run) => run.Refusals.Count == 0
        ? ["Refused: nothing, as far as was looked."]
        :
        [
            "Would be refused:",
            .. run.Refusals.Select(r => Plain.OneLine(r.Stage is null
                ? r.First
                : $"{r.Flow}: {r.Stage} refuses {Plain.Count(r.Count)}{(r.Of is { } of ? $" of {Plain.Count(of)} looked at" : "")}; the first: {r.First}")).Select(line => $"  {line}"),
        ];
}
