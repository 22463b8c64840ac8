using System.Text.Json.Nodes;

namespace InMARS.Pipeline.Graphs;

/// <summary>
/// Sets parallelism and capacity of those stages that name none, once in a flow, as soon as the first items have shown what each stage takes.
/// Until then there is one kernel a core.
/// </summary>
internal sealed class AutoSettings(Run run)
{
    /// <summary>Items and calls of every stage that are enough to measure; the median of five leaves out the first, which is slow.</summary>
    private const int EnoughItems = 32;
    private const int EnoughCalls = 5;

    private AutoSetting? _set;

    /// <summary>What was set; what would be, by what is known now, where it has not been.</summary>
    public AutoSetting Now => _set ?? Measure(null);

    /// <summary>Called by the source between two items.</summary>
    public void Look(long read)
    {
        if (_set is null && read >= EnoughItems && run.Stages.Any(s => s.IsAuto) && run.Stages.All(s => s.Meter.Calls >= EnoughCalls))
        {
            Set(_set = Measure(read));
        }
    }

    private void Set(AutoSetting setting)
    {
        foreach (var (stage, its) in run.Stages.Zip(setting.Stages).Where(s => s.First.Hands is not null))
        {
            stage.Lower(its.Parallelism);
        }

        run.Budget.LimitItems(setting.Alive);
        run.Host.Log(run.Plan.Name, "", "auto", null, Json(setting));
    }

    private AutoSetting Measure(long? after)
    {
        var (loads, cores, calls) = (new List<StageLoad>(), Environment.ProcessorCount, 1.0);
        foreach (var stage in run.Stages)
        {
            loads.Add(new StageLoad(stage.Stage, stage.Meter.MedianMs, calls, stage.Sequential, stage.Threads, stage.Gathers));
            var taken = stage.Books.Passed + stage.Books.Rejected;
            calls *= stage.IsSink || taken == 0 ? 1 : (double)stage.Books.Emitted / taken;
        }

        var settings = AutoRule.Of(loads, cores).Zip(run.Stages, (its, stage) => stage.Given(its)).ToList();
        var alive = LiveBound.Items(settings.Zip(loads, (s, load) => (s.Parallelism, s.Capacity, (long)load.Gathers)));
        return new AutoSetting(cores, AutoRule.Pace(loads, cores), alive, after, settings);
    }

    private static JsonObject Json(AutoSetting setting) => new()
    {
        ["cores"] = setting.Cores,
        ["after_items"] = setting.After,
        ["pace_ms"] = Math.Round(setting.PaceMs, 3),
        ["items_alive"] = setting.Alive,
        ["stages"] = new JsonArray([.. setting.Stages.Select(s => new JsonObject
        {
            ["stage"] = s.Stage,
            ["ms"] = Math.Round(s.Work, 3),
            ["parallelism"] = s.Parallelism,
            ["capacity"] = s.Capacity,
        })]),
    };
}
