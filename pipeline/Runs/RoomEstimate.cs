using System.Globalization;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>Room that a run will take on its disk, as its stages declare it, beside the room that there is.</summary>
/// <param name="Directory">The run directory.</param>
/// <param name="Parts">What the files hold, and the bytes that they are going to take on this disk.</param>
/// <param name="Unknown">What there will be of which nobody knows how much.</param>
/// <param name="Free">Bytes that are free, or are going to be.</param>
/// <param name="Floor">Bytes that have to stay free, <c>run.min_free_mb</c>.</param>
public sealed record RoomEstimate(
    string Directory, IReadOnlyList<KeyValuePair<string, long>> Parts, IReadOnlyList<string> Unknown, long Free, long Floor)
{
    public long Bytes => Parts.Sum(part => part.Value);

    /// <summary>Whether there is room; what writes next to nothing is left to the watch of the run.</summary>
    public bool Fits => Bytes == 0 || Bytes <= Free - Floor;

    /// <summary>The flows of a run, or those that are left of it.</summary>
    /// <param name="overwrite">Whether what lies in it is going to be removed first.</param>
    /// <param name="free">Bytes that are free on the disk of a folder, which need not be there yet.</param>
    /// <exception cref="RunException">The system does not tell what is free.</exception>
    public static RoomEstimate Of(IReadOnlyList<Outlook> flows, RunSettings run, bool overwrite, Func<string, long> free)
    {
        var disk = Disk.MountOf(run.Directory);
        var here = flows.SelectMany(flow => flow.Files.GroupBy(files => files.Place).Select(OfFlow)).Where(files => Disk.MountOf(files.Place) == disk).ToList();
        var parts = here.GroupBy(files => files.Place).Select(place => KeyValuePair.Create(place.First().What, Left([.. place], overwrite, run)));
        return new RoomEstimate(
            run.Directory,
            [.. parts.GroupBy(p => p.Key, p => p.Value).Select(p => KeyValuePair.Create(p.Key, p.Sum())).Where(p => p.Value > 0)],
            [.. flows.SelectMany(flow => flow.Files).Where(files => files.Bytes is null).Select(files => files.What).Distinct()],
            free(run.Directory) + (overwrite ? Disk.UsedBy(run.Directory) : 0),
            run.MinFreeMb << 20);
    }

    /// <summary>The estimate in one line, with what it is of.</summary>
    public override string ToString() => Parts.Count == 0 && Unknown.Count == 0
        ? $"The outputs will take next to no room; {Mebibytes(Free)} are free at '{Directory}'."
        : $"The outputs will take about {Mebibytes(Bytes)} by estimate{Of()}; {Mebibytes(Free)} are free at '{Directory}', of which {Mebibytes(Floor)} are to stay so.";

    /// <summary>Why the run is not begun, and what to do.</summary>
    public string Refusal =>
        $"the outputs would take about {Mebibytes(Bytes)} by estimate{Of()}, but of the {Mebibytes(Free)} that are free at '{Directory}' {Mebibytes(Floor)} are to stay so (run.min_free_mb); "
        + $"make {Mebibytes(Bytes - Free + Floor)} free, choose a run.output on another disk, or pass --accept to begin all the same: the run stops, and can be resumed, when the room is used up";

    private string Of()
    {
        string[] of =
        [
            .. Parts.OrderByDescending(p => p.Value).Select(p => $"{p.Key} {Mebibytes(p.Value)}"),
            .. Unknown.Count > 0 ? new[] { $"besides {string.Join(" and ", Unknown)}, of which nobody knows" } : [],
        ];
        return of.Length == 0 ? "" : $" ({string.Join(", ", of)})";
    }

    private static PlannedFiles OfFlow(IEnumerable<PlannedFiles> place) => place.First() with { Bytes = place.Sum(files => files.Bytes ?? 0) };

    private static long Left(IReadOnlyList<PlannedFiles> files, bool overwrite, RunSettings run)
    {
        var (all, place) = (files[0].Shared ? files.Max(f => f.Bytes!.Value) : files.Sum(f => f.Bytes!.Value), files[0].Place);
        var goes = overwrite && Path.GetFullPath(place).StartsWith(Path.GetFullPath(run.Directory) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return goes || all == 0 ? all : Math.Max(0, all - Disk.UsedBy(place));
    }

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{(bytes + (1 << 20) - 1) >> 20:N0} MiB");
}
