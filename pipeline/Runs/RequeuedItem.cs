using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>A rejected item of a run after it was tried again.</summary>
/// <param name="Stage">The stage that refused it.</param>
/// <param name="Fault">Why; null where it has passed.</param>
public sealed record RequeuedItem(string Flow, Origin Origin, string Stage, Fault? Fault);
