using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Tests.Support;

/// <summary>Run files of toy stages.</summary>
internal static class RunFiles
{
    public static Validated<RunPlan> Parse(string text, params string[] overrides) => RunFile.Parse(text, "run.yaml", overrides, [new ToyStages()]);

    public static RunPlan Plan(string text, params string[] overrides) => Parse(text, overrides).Match(
        plan => plan,
        errors => throw new InvalidOperationException(string.Join("; ", errors)));

    /// <summary>The errors, one a line, as users see them.</summary>
    public static string Errors(string text, params string[] overrides) => string.Join('\n', Parse(text, overrides).ErrorsOrNone);

    /// <summary>A run of one flow, with these lines as its steps, each indented by six.</summary>
    public static string WithSteps(string steps) =>
        $$"""
        run: {name: toys}
        flows:
          - name: main
            source: {use: toy.count}
            steps:
        {{steps}}
            sinks:
              - use: toy.collect
        """;
}
