using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Planning;

/// <summary>All that was seen of a plan, in the order of its flows.</summary>
/// <param name="Inputs">By headers alone.</param>
/// <param name="Survey">Items from all over, in the first stages.</param>
internal sealed record Findings(RunPlan Plan, IReadOnlyList<FlowInput> Inputs, TrialPass First, TrialPass Second, TrialPass Survey);

/// <summary>What a run would refuse, as far as was seen.</summary>
internal static class Refusals
{
    public static IReadOnlyList<Refusal> Of(Findings findings) => [.. findings.Inputs.SelectMany(input => OfFlow(findings, input)), .. Failures(findings)];

    private static IEnumerable<Refusal> OfFlow(Findings findings, FlowInput input)
    {
        var source = findings.Plan.Flows.Single(f => f.Name == input.Flow).Graph.Source;
        if (input.Check is { Faulty: > 0, First: { } first })
        {
            yield return new Refusal(input.Flow, source.Name, input.Check.Faulty, input.Items, first);
        }

        // What a flow that was cut off had read is not known, so its rejects are no share of anything.
        TrialPass[] passes = [.. new[] { findings.Survey, findings.Second }.Where(pass => pass.Flows.Any(f => f.Summary.Flow == input.Flow))];
        var looked = passes.Sum(pass => Looked(pass, input.Flow));
        var rejects = passes.SelectMany(pass => pass.Rejects).Where(r => r.Flow == input.Flow)
            .Where(r => r.Stage != source.Name || input.Check.Faulty == 0);
        foreach (var group in rejects.GroupBy(r => (r.Stage, r.Code)))
        {
            var one = group.First();
            yield return new Refusal(
                input.Flow, one.Stage, group.Select(r => r.Origin).Distinct().Count(), Math.Min(input.Items ?? looked, looked), $"{one.Origin}: {one.Code}: {one.Message}");
        }
    }

    /// <summary>What keeps flows from running at all: the trial stops at the first, and later ones may have nothing to read either.</summary>
    private static IEnumerable<Refusal> Failures(Findings findings)
    {
        var done = findings.Second.Flows.Select(f => f.Summary.Flow).ToHashSet();
        var left = findings.Plan.Flows.Select(f => f.Name).Where(name => !done.Contains(name)).ToList();
        if (findings.Second.Error is { } error && left.Count > 0)
        {
            yield return new Refusal(left[0], null, 0, null, error);
        }

        foreach (var input in findings.Inputs.Where(i => i.Missing is not null && left.Skip(1).Contains(i.Flow)))
        {
            yield return new Refusal(input.Flow, null, 0, null, $"flow '{input.Flow}' was not tried: {input.Missing}");
        }
    }

    private static long Looked(TrialPass pass, string flow) => pass.Flows.First(f => f.Summary.Flow == flow).ItemsOfEpoch;
}
