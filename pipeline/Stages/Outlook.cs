using System.Collections.Immutable;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

/// <summary>
/// What is known of a flow at one place between its stages before it runs: from the run file, and where there was a look at
/// the input from the headers of some items. Each stage makes of it what is known behind it.
/// </summary>
/// <param name="Run">Settings of the run.</param>
/// <param name="Memory">What the process may use.</param>
/// <param name="Epochs">Passes over the source.</param>
public sealed record Outlook(RunSettings Run, MemoryLimit Memory, int Epochs)
{
    private ImmutableArray<PlannedFiles> _files = [];
    private ImmutableArray<ConfigError> _errors = [];
    private ImmutableArray<Filling> _fillings = [];
    private ImmutableDictionary<Type, object> _facts = ImmutableDictionary<Type, object>.Empty;
    private string _stage = "";

    /// <summary>Where the flow stands in its run file; null where it comes from none.</summary>
    internal ConfigNode? Flow { get; init; }

    /// <summary>The number that says how many items go together; null where nothing gathers them.</summary>
    internal ConfigNode? GatheredAt { get; init; }

    /// <summary>Items of an epoch; null where nothing tells how many there are.</summary>
    public long? Items { get; init; }

    /// <summary>Extents of some items from all over, or the one that all have; none where nothing is known of them.</summary>
    public ImmutableArray<Extent> Extents { get; init; } = [];

    /// <summary>Items in one message, at most.</summary>
    public long Gathered { get; init; } = 1;

    /// <summary>Forms that an item takes over the epochs, where something changes it at random; 1 where nothing does.</summary>
    public long Forms { get; init; } = 1;

    public ImmutableArray<PlannedFiles> Files => _files;

    public ImmutableArray<ConfigError> Errors => _errors;

    /// <summary>What stages have said of arrays, in the order of the stages.</summary>
    public ImmutableArray<Filling> Fillings => _fillings;

    /// <summary>What a stage in front has said of its outputs in a type of its own; null where none has.</summary>
    public T? Fact<T>()
        where T : struct => _facts.TryGetValue(typeof(T), out var fact) ? (T)fact : null;

    /// <summary>The same with a fact for stages behind.</summary>
    public Outlook With<T>(T fact)
        where T : struct => this with { _facts = _facts.SetItem(typeof(T), fact) };

    /// <summary>The same with arrays that the stage fills for an item, of the mean of the extents that are known.</summary>
    /// <param name="bytes">Of one item.</param>
    public Outlook Fills(Func<Extent, long> bytes) => Extents.Length == 0
        ? this
        : this with { _fillings = _fillings.Add(new Filling(_stage, Extents[0], (long)Extents.Average(bytes))) };

    /// <summary>The same with items of other extents.</summary>
    public Outlook Resized(Func<Extent, Extent> extent) => this with { Extents = [.. Extents.Select(extent)] };

    /// <summary>The same with items of one extent.</summary>
    public Outlook Sized(Extent extent) => this with { Extents = [extent] };

    /// <summary>The same with items of which nothing is known.</summary>
    public Outlook Unsized() => this with { Extents = [] };

    /// <summary>The same, where each item takes so many forms by chance.</summary>
    public Outlook Varied(long forms) => this with { Forms = forms < long.MaxValue / Forms ? Forms * forms : long.MaxValue };

    /// <summary>The same with messages of so many items.</summary>
    /// <param name="at">Where the run file says so.</param>
    public Outlook Together(long items, ConfigNode? at) => this with { Gathered = Gathered * items, GatheredAt = at ?? GatheredAt };

    /// <summary>Files with something of each item of an epoch; their bytes are known where number and extents of the items are.</summary>
    /// <param name="place">Path of the folder, or of the file, below the run directory.</param>
    /// <param name="bytes">Of one item, on the disk.</param>
    public Outlook Writes(string what, string place, Func<Extent, double> bytes) => Writes(what, place, Items, bytes);

    /// <summary>The same for so many items.</summary>
    public Outlook Writes(string what, string place, long? items, Func<Extent, double> bytes) =>
        Writes(new PlannedFiles(what, Path.Combine(Run.Directory, place), items is { } n && Extents.Length > 0 ? (long)(n * Extents.Average(bytes)) : null));

    /// <summary>What a stage adds to each checkpoint of its flow; those that are kept, and the one that is being written.</summary>
    /// <param name="bytes">In one checkpoint; null where that is not known.</param>
    public Outlook Keeps(long? bytes) =>
        Writes(new PlannedFiles("checkpoints", Path.Combine(Run.Directory, "resume"), bytes * (1 + Run.KeepCheckpoints)) { Shared = true });

    /// <summary>What a stage adds to a list that only grows (<see cref="StateArchive.Added"/>), of which checkpoints have one copy.</summary>
    /// <param name="bytes">In the end; null where that is not known.</param>
    public Outlook Adds(long? bytes) => Writes(new PlannedFiles("checkpoints", Path.Combine(Run.Directory, "resume"), bytes) { Shared = true });

    public Outlook Writes(PlannedFiles files) => this with { _files = _files.Add(files) };

    /// <summary>What a stage makes of it. The function may be anybody's: where it fails, that is an error that names the stage.</summary>
    internal Outlook By(string stage, Func<Outlook, Outlook> foresee)
    {
        try
        {
            return foresee(this with { _stage = stage }) ?? Unsized().Refuse($"{stage} was asked what is known behind it, and gave nothing");
        }
        catch (Exception e)
        {
            return Unsized().Refuse($"{stage} was asked what is known behind it, and failed: {e.Message}");
        }
    }

    /// <summary>An error of the run file: the number of items that go together, or else the flow, is wrong.</summary>
    public Outlook Refuse(string message) => this with
    {
        _errors = _errors.Add((GatheredAt ?? Flow)?.Error(message) ?? new ConfigError(Run.Name, "", message)),
    };
}
