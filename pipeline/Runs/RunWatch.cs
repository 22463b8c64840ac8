using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>
/// Looks at a run every second: how far it is, whether it will be done in time, whether the disk has room, and whether
/// anything moves at all.
/// </summary>
internal sealed class RunWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenForecasts = TimeSpan.FromMinutes(1);

    /// <summary>Share of the memory of this process at which a run is stopped.</summary>
    private const double Tight = 0.9;

    /// <summary>Share at which it is given up: the next thing would be its end by the system, without a word.</summary>
    private const double Full = 0.95;
    private readonly Lock _gate = new();
    private readonly RunSettings _settings;
    private readonly string _directory;
    private readonly RunOptions _options;
    private readonly Action<string> _stop;
    private readonly Action<string, string, JsonObject?, Exception?> _note;
    private readonly Action<string, Origin> _suspect;
    private readonly DateTimeOffset? _until;
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private Watched? _watched;
    private bool _late;

    public RunWatch(
        RunSettings settings, string directory, RunOptions options, Listeners to)
    {
        (_settings, _directory, _options, _stop, _note, _suspect) = (settings, directory, options, to.Stop, to.Note, to.Suspect);
        _until = RunDeadline.Of(settings, options.Time);
        _timer = options.Time.CreateTimer(_ => Tick(), null, Every, Every);
    }

    /// <summary>Who hears of what is found.</summary>
    /// <param name="Stop">Ends the run at its next border, for the reason given.</param>
    /// <param name="Note">Takes a line for the log, and what went wrong where the watch itself failed.</param>
    /// <param name="Suspect">Hears of the item that a flow came to a standstill at.</param>
    internal sealed record Listeners(Action<string> Stop, Action<string, string, JsonObject?, Exception?> Note, Action<string, Origin> Suspect);

    /// <summary>Done when nothing has moved for long, and the run did not stop when it was told to.</summary>
    public Task GivenUp => _givenUp.Task;

    public void FlowStarted(FlowProgress progress, Action<ProgressEvent> record)
    {
        lock (_gate)
        {
            var now = _options.Time.GetTimestamp();
            _watched = new Watched(progress, record, now) { Moved = now, Told = now, Samples = [new ProgressSample(TimeSpan.Zero, progress.Done())] };
        }
    }

    public void FlowEnded()
    {
        lock (_gate)
        {
            if (_watched?.Memory.Finding() is { } growth)
            {
                _note("warning", growth, null, null);
            }

            _watched = null;
        }
    }

    public async ValueTask DisposeAsync() => await _timer.DisposeAsync().ConfigureAwait(false);

    /// <remarks>While one tick is at the stacks of a stall, which takes seconds, those that come have nothing to add.</remarks>
    private void Tick()
    {
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            Look();
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <remarks>A timer's thread: whatever is thrown here would end the process.</remarks>
    private void Look()
    {
        try
        {
            LookAtTime();
            LookAtDisk();
            if (_watched is { } watched)
            {
                LookAtProgress(watched);
                LookForStall(watched);
            }
        }
        catch (Exception e) when (e is RunException or IOException or UnauthorizedAccessException)
        {
            _note("failure", e.Message, null, e);
        }
    }

    private void LookAtTime()
    {
        if (_until is { } until && _options.Time.GetUtcNow() >= until)
        {
            _stop($"its time is over ({RunDeadline.Words(_settings)})");
        }
    }

    private void LookAtDisk()
    {
        var free = _options.FreeSpace(_directory) >> 20;
        if (free < _settings.MinFreeMb)
        {
            _stop(string.Create(CultureInfo.InvariantCulture, $"the disk of '{_directory}' has {free} MiB left, and run.min_free_mb is {_settings.MinFreeMb}"));
        }
    }

    private void LookAtProgress(Watched watched)
    {
        var elapsed = _options.Time.GetElapsedTime(watched.Started);
        var progress = watched.Progress;
        watched.Samples = Forecast.Keep(watched.Samples, new ProgressSample(elapsed, progress.Done()));
        var forecast = Forecast.Of(watched.Samples, progress.Total, _options.Time.GetUtcNow());
        var memory = MemoryProbe.Read(_options.Resident(), progress.Queued(), _options.NativeValues);
        watched.Memory.Note(elapsed, memory);
        LookAtMemory(watched, memory.Resident);
        watched.Record(new ProgressEvent(progress.Flow, progress.Done(), progress.Total, progress.Rejected(), elapsed, forecast, memory));
        if (_options.Time.GetElapsedTime(watched.Told) >= BetweenForecasts)
        {
            watched.Told = _options.Time.GetTimestamp();
            _note("forecast", "", Json(progress, forecast), null);
            WarnIfLate(forecast);
        }
    }

    private void LookAtMemory(Watched watched, long resident)
    {
        var limit = _options.MemoryLimit;
        if (resident >= Tight * limit.Bytes && !watched.Tight)
        {
            watched.Tight = true;
            var culprit = StageSnapshot.Longest(watched.Progress.Stages());
            Suspect(watched, culprit);
            _stop($"{limit.Words(resident)}; {(culprit is null ? "no stage has an item in hand" : $"{culprit.Stage} is at {culprit.Oldest}")}");
        }

        if (resident >= Full * limit.Bytes)
        {
            _givenUp.TrySetResult();
        }
    }

    private void Suspect(Watched watched, StageSnapshot? culprit)
    {
        if (culprit?.Oldest is { } item)
        {
            _suspect(watched.Progress.Flow, item);
        }
    }

    private void WarnIfLate(Forecast forecast)
    {
        if (!_late && _until is { } until && forecast.Finish > until)
        {
            _late = true;
            _note("warning", string.Create(CultureInfo.InvariantCulture, $"this flow will not be done in time: it would end at {Local(forecast.Finish.Value)}, and the run stops at {Local(until)}"), null, null);
        }
    }

    private string Local(DateTimeOffset time) =>
        TimeZoneInfo.ConvertTime(time, _options.Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private void LookForStall(Watched watched)
    {
        var activity = watched.Progress.Activity();
        var now = _options.Time.GetTimestamp();
        if (activity != watched.Activity)
        {
            (watched.Activity, watched.Moved) = (activity, now);
            return;
        }

        var still = _options.Time.GetElapsedTime(watched.Moved);
        if (still >= TimeSpan.FromMinutes(_settings.StallMinutes) && watched.Stalled is null)
        {
            watched.Stalled = now;
            Dump(watched, still);
        }
        else if (watched.Stalled is { } since && _options.Time.GetElapsedTime(since) >= TimeSpan.FromSeconds(_settings.StopSeconds))
        {
            _givenUp.TrySetResult();
        }
    }

    private void Dump(Watched watched, TimeSpan still)
    {
        var stages = watched.Progress.Stages();
        var culprit = StageSnapshot.Longest(stages);
        var file = StallFile.Write(_directory, stages, _options.ThreadStacks, StallFile.Patience);
        _note(
            "stall",
            string.Create(CultureInfo.InvariantCulture, $"nothing has moved for {still.TotalMinutes:0.#} minutes: {string.Join("; ", stages)}; {file}"),
            new JsonObject { ["stages"] = new JsonArray([.. stages.Select(s => JsonValue.Create(s.ToString()))]) },
            null);
        Suspect(watched, culprit);
        _stop(culprit is null
            ? "nothing moves, and no stage has an item in hand"
            : string.Create(CultureInfo.InvariantCulture, $"{culprit.Stage} has been at {culprit.Oldest} for {culprit.Age.TotalMinutes:0.#} minutes, and nothing else moves"));
    }

    private static JsonObject Json(FlowProgress progress, Forecast forecast) => new()
    {
        ["flow"] = progress.Flow,
        ["done"] = progress.Done(),
        ["total"] = progress.Total,
        ["rejected"] = progress.Rejected(),
        ["images_a_second"] = forecast.LastMinute ?? forecast.Overall,
        ["finish"] = forecast.Finish?.ToString("O"),
    };

    private sealed record Watched(FlowProgress Progress, Action<ProgressEvent> Record, long Started)
    {
        public MemoryTrend Memory { get; } = new();

        public ImmutableArray<ProgressSample> Samples { get; set; } = [];

        public bool Tight { get; set; }

        public long Activity { get; set; } = -1;

        public long Moved { get; set; }

        public long Told { get; set; }

        public long? Stalled { get; set; }
    }
}
