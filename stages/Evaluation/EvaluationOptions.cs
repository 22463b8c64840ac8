namespace InMARS.Stages.Evaluation;

/// <summary>How predictions are scored.</summary>
/// <param name="Classes">
/// Names of the classes in the order of their ids, which fixes their number; null to take the greatest id seen as the last.
/// </param>
public sealed record EvaluationOptions(IReadOnlyList<string>? Classes = null);
