namespace InMARS.Cli.RunFiles;

/// <summary>Label maps to be scored, ours or anyone's.</summary>
/// <param name="Ignore">Id of pixels that are not scored, or <c>none</c>.</param>
/// <param name="Classes">Class names in the order of their ids; empty to take the ids as they come.</param>
/// <param name="Resize">Whether predictions of another size take that of the truth.</param>
/// <param name="Partial">Whether label maps without a prediction are left out instead of rejected.</param>
internal sealed record EvaluateRequest(
    string Predictions, string Labels, string Output, string Ignore, IReadOnlyList<string> Classes, bool Resize, bool Partial);

/// <summary>The run file of <c>inmars evaluate</c>.</summary>
internal static class EvaluateRun
{
    public static string Text(EvaluateRequest request)
    {
        var classes = request.Classes.Count == 0 ? "" : $"classes: [{string.Join(", ", request.Classes.Select(Yaml.Quote))}]";
        return $$"""
            run: { {{RunPlace.Of(request.Output).Lines}} }
            flows:
              - name: evaluate
                source: { use: pairs.read, with: { predictions: {{Yaml.Quote(request.Predictions)}}, labels: {{Yaml.Quote(request.Labels)}}, partial: {{(request.Partial ? "true" : "false")}} } }
                steps:
                  - { use: pairs.decode, with: { ignore: {{Yaml.Quote(request.Ignore)}}, resize: {{(request.Resize ? "prediction_to_truth" : "none")}} } }
                sinks:
                  - { use: evaluate.hungarian, with: { {{classes}} } }

            """;
    }
}
