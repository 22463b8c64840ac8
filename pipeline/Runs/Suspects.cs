using System.Collections.Immutable;
using System.Text.Json;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>
/// Items that a run stalled at, in <c>resume/suspects.json</c>. One that did it twice is refused when the run goes on: it would hold
/// it up every night.
/// </summary>
internal sealed class Suspects
{
    /// <summary>Stalls at one item that are enough.</summary>
    private const int Enough = 2;

    private readonly RunDirectory _directory;
    private ImmutableList<Suspect> _known;

    /// <exception cref="RunException">The file is there and cannot be read.</exception>
    public Suspects(RunDirectory directory) => (_directory, _known) = (directory, Read(directory));

    /// <summary>Takes note of a stall.</summary>
    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public void Note(string flow, Origin origin)
    {
        var before = _known.Find(s => s.Flow == flow && s.Origin == origin);
        _known = before is null ? _known.Add(new Suspect(flow, origin, 1)) : _known.Replace(before, before with { Stalls = before.Stalls + 1 });
        AtomicFile.Write(PathOf(_directory), file => JsonSerializer.Serialize(file, _known));
    }

    /// <summary>Why an item is not to be tried again; null where it is.</summary>
    public Fault? Refusal(string flow, Origin origin)
    {
        foreach (var suspect in _known)
        {
            if (suspect.Stalls >= Enough && suspect.Flow == flow && suspect.Origin == origin)
            {
                return new Fault("item.stalled", $"the run came to a standstill at this item {Enough} times, so it is left out");
            }
        }

        return null;
    }

    private static ImmutableList<Suspect> Read(RunDirectory directory)
    {
        var path = PathOf(directory);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ImmutableList<Suspect>>(File.ReadAllBytes(path)) ?? [] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunException($"cannot read '{path}': {e.Message}", e);
        }
    }

    private static string PathOf(RunDirectory directory) => directory.File("resume", "suspects.json");

    private sealed record Suspect(string Flow, Origin Origin, int Stalls);
}
