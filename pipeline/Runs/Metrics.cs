using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Runs;

/// <summary><c>metrics.json</c>: results only, no times and no place, so that equal runs give equal bytes wherever they lie.</summary>
internal static class Metrics
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Json(RunOutcome outcome)
    {
        var flows = new JsonObject();
        foreach (var flow in outcome.Reports.GroupBy(r => r.Flow))
        {
            flows[flow.Key] = new JsonArray([.. flow.Select(r => Json(r, outcome.Directory))]);
        }

        var items = new JsonObject(outcome.Flows.Select(f => KeyValuePair.Create(f.Flow, (JsonNode?)Books(f))));
        return new JsonObject { ["end"] = outcome.End.ToString(), ["items"] = items, ["results"] = flows }.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Books(FlowSummary flow)
    {
        var books = new JsonObject { ["read"] = flow.Read, ["left"] = flow.Left, ["rejected"] = flow.Rejected };
        if (flow.Late.Sum(late => late.Passed) is > 0 and var passed)
        {
            books["requeued"] = passed;
        }

        if (flow.Unfinished)
        {
            books["unfinished"] = true;
        }

        return books;
    }

    private static JsonObject Json(FlowReport r, string directory)
    {
        var json = new JsonObject { ["stage"] = r.Stage, ["kind"] = r.Report.Kind };
        if (r.Report.Row is { } row)
        {
            json["row"] = row;
        }

        foreach (var (name, value) in r.Report.Headline)
        {
            json[name] = Numbers.Json(value);
        }

        json["notes"] = new JsonArray([.. r.Report.Notes.Select(n => JsonValue.Create(n.Replace($"{directory}{Path.DirectorySeparatorChar}", "", StringComparison.Ordinal)))]);
        json["detail"] = r.Report.Detail?.DeepClone();
        return json;
    }
}
