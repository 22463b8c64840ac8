using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Planning;

/// <summary>Finds out what a run will take: looks at its inputs, and tries it with few images in a directory of its own.</summary>
internal sealed class Planner(Shell shell, RunPlan plan, string scratch)
{
    /// <summary>A run directory where nothing is ever written.</summary>
    private const string Unwritten = "planned";

    /// <summary>Images that are looked at, of each flow.</summary>
    private const int Sample = 48;

    /// <summary>What the second trial should take, and how many times the images of the first it may have at most.</summary>
    private const double EnoughSeconds = 12;
    private const int MostRounds = 16;

    /// <summary>Everything; nothing is written but the index of the input, in the cache of the run.</summary>
    /// <exception cref="RunException">The machine cannot run it, or there is no room for the trial.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public static async Task<RunFigures> MakeAsync(Shell shell, RunPlan plan)
    {
        shell.Settle(plan.Settings);
        var scratch = Directory.CreateTempSubdirectory("inmars-plan-").FullName;
        try
        {
            return await new Planner(shell, plan, scratch).MakeAsync();
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task<RunFigures> MakeAsync()
    {
        var inputs = new List<FlowInput>();
        foreach (var flow in plan.Flows)
        {
            var input = await FlowInput.OfAsync(flow, ContextOf(flow), shell.Interrupt);
            inputs.Add(input with { Missing = input.Missing?.Replace(Path.Combine(scratch, Unwritten), plan.Settings.Directory, StringComparison.Ordinal) });
        }

        var items = Trial.Items(plan);
        var first = await TrialPass.RunAsync(Trial.Of(plan, Path.Combine(scratch, "first"), items), plan.Settings.Directory, shell);
        var rounds = Math.Clamp((int)Math.Ceiling(EnoughSeconds / Math.Max(0.01, first.Flows.Sum(f => f.Summary.Elapsed.TotalSeconds))), 2, MostRounds);
        var second = await TrialPass.RunAsync(Trial.Of(plan, Path.Combine(scratch, "second"), items * rounds), plan.Settings.Directory, shell);
        var survey = await SurveyAsync(inputs);
        var figures = plan.Flows.Zip(inputs, (flow, input) => Figures(flow, input, first, second)).ToList();
        var refusals = Refusals.Of(new Findings(plan, inputs, first, second, survey));
        return new RunFigures(
            plan, Scaled(figures), refusals, shell.Time.GetUtcNow(), second.Checkpoint, Disk.FreeAt(plan.Settings.Output), MemoryLimit.Read().Bytes);
    }

    private PlanningContext ContextOf(FlowPlan flow) =>
        new(flow, plan.Settings with { Output = scratch, Name = Unwritten }, shell.Time);

    /// <summary>Lets images from all over go through the stages before the first that learns, writes or gathers.</summary>
    private async Task<TrialPass> SurveyAsync(List<FlowInput> inputs)
    {
        var missing = inputs.Where(i => i.Missing is not null).Select(i => i.Flow).ToHashSet();
        var cut = Trial.Survey(plan, Path.Combine(scratch, "survey"), Sample, ContextOf);
        var there = cut with { Flows = [.. cut.Flows.Where(flow => !missing.Contains(flow.Name))] };
        return there.Flows.Count == 0 ? new TrialPass([], [], null, 0) : await TrialPass.RunAsync(there, plan.Settings.Directory, shell);
    }

    private FlowFigures Figures(FlowPlan flow, FlowInput input, TrialPass first, TrialPass second)
    {
        var trial = second.Flows.FirstOrDefault(f => f.Summary.Flow == flow.Name);
        var alive = trial?.Summary is { PeakItems: > 0 } s
            ? Math.Min(MemoryLimit.Budget(plan.Settings.MemoryMb), LiveBound.Items(flow.Graph) * s.PeakBytes / s.PeakItems)
            : 0;
        return new FlowFigures(input, flow.Epochs, input.Items, Survey(flow, input), first.Flows.FirstOrDefault(f => f.Summary.Flow == flow.Name), trial)
        {
            MostAlive = alive,
            MostFiles = LimitedFolders.Of(plan.Resolved),
        };
    }

    private SampleSurvey? Survey(FlowPlan flow, FlowInput input) => input.Missing is null && flow.Graph.Source is Pipeline.Stages.Source<Sample> { Spread: { } spread }
        ? SampleSurvey.Of(spread(ContextOf(flow), Sample, shell.Interrupt).Select(s => s.Value))
        : null;

    /// <summary>A flow whose input an earlier one makes has as many images, for each of those in the trial, as the one before it.</summary>
    private static List<FlowFigures> Scaled(List<FlowFigures> flows)
    {
        for (var i = 1; i < flows.Count; i++)
        {
            var (before, flow) = (flows[i - 1], flows[i]);
            if (flow is { Items: null, Second: { } trial } && before is { Items: { } items, Second.ItemsOfEpoch: > 0 and var there })
            {
                flows[i] = flow with { Items = items * trial.ItemsOfEpoch / there };
            }
        }

        return flows;
    }
}
