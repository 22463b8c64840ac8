using System.Globalization;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>One stage at one moment.</summary>
/// <param name="InHand">Items that its kernel is at.</param>
/// <param name="Oldest">The one it has been at for longest; null where it has none.</param>
/// <param name="Age">How long.</param>
/// <param name="Waiting">Messages given by the stage before that it has not taken.</param>
public sealed record StageSnapshot(string Stage, int InHand, Origin? Oldest, TimeSpan Age, long Waiting)
{
    /// <summary>The one that has been at an item for longest; null where none has one in hand.</summary>
    public static StageSnapshot? Longest(IEnumerable<StageSnapshot> stages) => stages.Where(s => s.Oldest is not null).MaxBy(s => s.Age);

    /// <summary><c>superpixel.slic: busy with a.tar:0001 for 31 s, 4 waiting</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Stage}: {(Oldest is { } item ? $"busy with {item} for {Age.TotalSeconds:0} s" : Waiting > 0 ? "blocked" : "starved")}{(Waiting > 0 ? $", {Waiting} waiting" : "")}");
}
