using System.Globalization;
using System.Text;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Runs;

/// <summary><c>summary.md</c>: what a person wants to know in the morning.</summary>
internal static class Summary
{
    public static string Markdown(RunPlan plan, RunOutcome outcome)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {plan.Settings.Name}\n\n{Sentence(outcome)}\n\n");
        Results(text, outcome);
        foreach (var flow in outcome.Flows)
        {
            Flow(text, flow);
        }

        foreach (var late in outcome.Flows.SelectMany(flow => flow.Late, (flow, late) => (flow.Flow, Late: late)).GroupBy(l => l.Late.By))
        {
            var lines = late.Select(l => $"- Flow {l.Flow}: {l.Late.Passed} of {l.Late.Tried} rejected items have passed and are in its outputs now.\n");
            text.Append(CultureInfo.InvariantCulture, $"## Tried again, {late.Key}\n\n{string.Concat(lines)}\n");
        }

        return text.ToString();
    }

    private static string Sentence(RunOutcome outcome) => outcome.End switch
    {
        RunEnd.Clean => "Everything was processed.",
        RunEnd.WithRejects => $"Done; {outcome.Rejected} items were rejected, see rejects.jsonl and quarantine/.",
        _ => $"Did not reach its end: {outcome.Error}.",
    };

    private static void Results(StringBuilder text, RunOutcome outcome)
    {
        if (outcome.Reports.Count == 0)
        {
            return;
        }

        text.Append("## Results\n\n");
        foreach (var (flow, stage, report) in outcome.Reports)
        {
            var numbers = string.Join(", ", report.Headline.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Key} {h.Value:0.####}")));
            text.Append(CultureInfo.InvariantCulture, $"- **{flow}** ({stage}){(report.Row is { } row ? $", {row}" : "")}{(numbers.Length > 0 ? $": {numbers}" : "")}\n");
            foreach (var note in report.Notes)
            {
                text.Append(CultureInfo.InvariantCulture, $"  - {note}\n");
            }
        }

        text.Append('\n');
    }

    private static void Flow(StringBuilder text, FlowSummary flow)
    {
        var speed = flow.Elapsed.TotalSeconds > 0 ? flow.Read / flow.Elapsed.TotalSeconds : 0;
        text.Append(CultureInfo.InvariantCulture, $"## Flow {flow.Flow}{(flow.Unfinished ? ", not finished" : "")}\n\n{flow.Read} items in {flow.Elapsed.TotalSeconds:0.0} s, {speed:0.0} a second; at most {flow.PeakItems} alive, {flow.PeakBytes / 1048576.0:0.0} MiB. {flow.Bottleneck}\n\n");
        text.Append("| stage | in | passed | rejected | dropped | out | busy | starved | blocked | mean ms | p95 ms | queue |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var s in flow.Stages)
        {
            var t = s.Times;
            text.Append(CultureInfo.InvariantCulture, $"| {s.Stage} x{s.Parallelism} | {s.In} | {s.Passed} | {s.Rejected} | {s.Dropped} | {s.Emitted} | {t.Busy:P0} | {t.Starved:P0} | {t.Blocked:P0} | {t.MeanMs:0.00} | {t.P95Ms:0.00} | {t.MeanQueue:0.0} |\n");
        }

        text.Append('\n');
    }
}
