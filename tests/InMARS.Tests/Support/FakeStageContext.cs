using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Tests.Support;

/// <summary>A stage context without a run: a temporary folder, and what was logged and reported.</summary>
public sealed class FakeStageContext : IStageContext, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inmars-test-").FullName;

    public FakeStageContext(int epochs = 1, long seed = 7, int threads = 1)
    {
        Epochs = epochs;
        Run = new RunSettings("test", seed, _folder, "cpu", threads, 0, Path.Combine(_folder, "cache"), new RejectPolicy());
    }

    public string Flow => "test";

    public string Stage => "stage";

    public int Epochs { get; }

    public RunSettings Run { get; }

    public TimeProvider Time => TimeProvider.System;

    public List<(string Kind, string? Message, JsonObject? Data)> Logged { get; } = [];

    public Dictionary<string, double> Shown { get; } = [];

    public List<StageReport> Reports { get; } = [];

    /// <summary>Asked of what could not be read and how often that was tried; nothing is tried again without it.</summary>
    public Func<string, int, bool>? Again { get; init; }

    public bool TryAgain(string what, Fault fault, int attempt) => fault.IsTransient && Again?.Invoke(what, attempt) is true;

    public string PathInRun(params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([Run.Directory, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public void Log(string kind, string? message = null, JsonObject? data = null) => Logged.Add((kind, message, data));

    public void Show(string name, double value) => Shown[name] = value;

    public void Report(StageReport report) => Reports.Add(report);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
