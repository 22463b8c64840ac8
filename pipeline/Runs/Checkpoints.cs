using System.Globalization;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>The checkpoints of a run: numbered files of which the last few are kept.</summary>
internal sealed class Checkpoints : IDisposable
{
    private const string Folder = "resume";
    private const string Ending = ".checkpoint";
    private readonly RunDirectory _directory;
    private readonly RunSettings _settings;
    private readonly TimeProvider _time;
    private (string Flow, Journal Journal)? _journal;
    private long _number;
    private long _last;

    /// <param name="from">The one that the run goes on from; null where it begins.</param>
    /// <exception cref="RunException">The journal of that one is damaged.</exception>
    public Checkpoints(RunDirectory directory, RunSettings settings, TimeProvider time, SavedState? from)
    {
        (_directory, _settings, _time) = (directory, settings, time);
        _journal = from is { Flow: { } flow, Journal: { } mark } ? (flow.Flow, Journal.Resume(Path.Combine(directory.Path, Folder), flow.Flow, mark)) : null;
        _number = Numbered(directory.Path).Select(f => f.Number).DefaultIfEmpty(0).Max();
        _last = time.GetTimestamp();
    }

    /// <summary>Whether there is one.</summary>
    public bool Any => _number > 0;

    /// <summary>Whether the last one is older than the run wants.</summary>
    public bool IsDue => _time.GetElapsedTime(_last).TotalMinutes >= _settings.CheckpointMinutes;

    /// <summary>Writes one and drops those that are too many.</summary>
    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public WrittenCheckpoint Write(SavedState state)
    {
        var path = _directory.File(Folder, string.Create(CultureInfo.InvariantCulture, $"{++_number:D6}{Ending}"));
        var marked = state with { Journal = state.Flow is { } flow ? JournalOf(flow.Flow).Add(state.Growing) : null };
        var (bytes, hash) = CheckpointFile.Write(path, marked.Entries());
        var old = Numbered(_directory.Path).OrderByDescending(f => f.Number).Skip(_settings.KeepCheckpoints).ToList();
        old.ForEach(f => File.Delete(f.Path));
        _last = _time.GetTimestamp();
        return new WrittenCheckpoint(_number, path, bytes, hash, [.. old.Select(f => f.Number)]);
    }

    public void Dispose() => _journal?.Journal.Dispose();

    private Journal JournalOf(string flow)
    {
        if (_journal is not { } open || open.Flow != flow)
        {
            Dispose();
            _journal = open = (flow, Journal.Begin(Path.Combine(_directory.Path, Folder), flow));
        }

        return open.Journal;
    }

    public static bool AreThere(string directory) => Numbered(directory).Any();

    /// <summary>The newest one that is whole.</summary>
    /// <param name="warn">Told of each that is not.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="RunException">There are some, and none is whole.</exception>
    public static (string Path, SavedState State)? Latest(string directory, Action<string> warn)
    {
        var all = Numbered(directory).OrderByDescending(f => f.Number).ToList();
        foreach (var (_, path) in all)
        {
            try
            {
                return (path, SavedState.Of(CheckpointFile.Read(path), path));
            }
            catch (RunException e)
            {
                warn($"{e.Message}; the one before it is taken");
            }
        }

        return all.Count == 0 ? null : throw new RunException($"no checkpoint in '{Path.Combine(directory, Folder)}' is whole; start again with --overwrite");
    }

    private static IEnumerable<(long Number, string Path)> Numbered(string directory)
    {
        var folder = Path.Combine(directory, Folder);
        return !Directory.Exists(folder)
            ? []
            : from path in Directory.EnumerateFiles(folder, "*" + Ending)
              let number = long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1
              where number >= 0
              select (number, path);
    }
}
