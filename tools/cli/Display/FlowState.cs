using InMARS.Pipeline.Graphs;

namespace InMARS.Cli.Display;

/// <summary>How far a flow was at one moment.</summary>
/// <param name="Total">Items of all epochs; null where the source cannot tell.</param>
/// <param name="Shown">Live figures of the stages, such as the loss.</param>
internal sealed record FlowState(
    string Flow, long Done, long Rejected, long? Total, TimeSpan Elapsed, IReadOnlyDictionary<string, double> Shown)
{
    /// <summary>Items that were done before this process began.</summary>
    public long Before { get; init; }

    public static FlowState Of(FlowProgress progress, TimeSpan elapsed) =>
        new(progress.Flow, progress.Done(), progress.Rejected(), progress.Total, elapsed, progress.Shown()) { Before = progress.Before };

    /// <summary>Items a second since the flow started.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? (Done - Before) / Elapsed.TotalSeconds : 0;

    /// <summary>Share that is done, 0 to 1; null where the total is not known.</summary>
    public double? Share => Total switch
    {
        null => null,
        0 => 1,
        { } total => Math.Min(1, Done / (double)total),
    };

    /// <summary>Time left at the rate so far; null while there is nothing to judge by.</summary>
    public TimeSpan? Left => Total is { } total && Rate > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - Done) / Rate) : null;

    /// <summary><c>300/2,400 images, 26.1 images/s, 1:20 left</c>.</summary>
    public string Figures => string.Join(", ", new[]
    {
        Total is { } total ? $"{Plain.Count(Done)}/{Plain.Count(total)} images" : Plain.Count(Done, "image"),
        $"{Plain.Rate(Rate)} images/s",
        Left is { } left ? $"{Plain.Clock(left)} left" : $"{Plain.Clock(Elapsed)} so far",
        Rejected > 0 ? $"{Plain.Count(Rejected)} rejected" : "",
    }.Where(part => part.Length > 0));

    /// <summary><c>loss -1.0312, mi 0.9821</c>; empty where no stage shows anything.</summary>
    public string ShownFigures =>
        string.Join(", ", Shown.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {Plain.Figure(s.Value)}"));

    public override string ToString() => $"{Flow}: {Figures}{(ShownFigures.Length > 0 ? $"; {ShownFigures}" : "")}";
}
