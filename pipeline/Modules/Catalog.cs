using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Modules;

/// <summary>All names that run files may <c>use</c>.</summary>
public sealed class Catalog
{
    private readonly Dictionary<string, StageEntry> _entries;

    private Catalog(Dictionary<string, StageEntry> entries) => _entries = entries;

    public IEnumerable<StageEntry> Entries => _entries.Values.OrderBy(e => e.Kind).ThenBy(e => e.Name, StringComparer.Ordinal);

    /// <summary>The names of several modules, or an error for each that does not list its stages, and when two claim the same name.</summary>
    public static Validated<Catalog> Of(IEnumerable<IStageModule> modules, ConfigNode at) =>
        modules.Select(module => ModuleEntries.Of(module, at)).Gather().Bind(lists => Of([.. PipelineStages.Entries, .. lists.SelectMany(l => l)], at));

    private static Validated<Catalog> Of(IReadOnlyList<StageEntry> all, ConfigNode at)
    {
        var entries = new Dictionary<string, StageEntry>(StringComparer.Ordinal);
        foreach (var entry in all)
        {
            if (!entries.TryAdd(entry.Name, entry))
            {
                return at.Error($"two modules claim the name '{entry.Name}'");
            }
        }

        return new Catalog(entries);
    }

    /// <summary>Looks a name up; suggests the nearest of the right kind when there is none.</summary>
    public Validated<StageEntry> Find(string name, EntryKind kind, ConfigNode at) =>
        !_entries.TryGetValue(name, out var entry)
            ? at.Error($"no {Word(kind)} is called '{name}'{Nearest.Hint(name, _entries.Values.Where(e => e.Kind == kind).Select(e => e.Name))}")
            : entry.Kind == kind
                ? entry
                : at.Error($"'{name}' is a {Word(entry.Kind)}; expected a {Word(kind)} here");

    private static string Word(EntryKind kind) => kind switch
    {
        EntryKind.Source => "source",
        EntryKind.Sink => "sink",
        _ => "stage",
    };
}

/// <summary>The stages that know nothing of the items they carry.</summary>
internal static class PipelineStages
{
    public static IEnumerable<StageEntry> Entries =>
    [
        StageEntry.Generic(
            "batch",
            "Gathers items into lists of one size, across epochs.",
            "T -> list of T",
            "Emits when a list is full, and at the end as `last` says. Holds back while a full list waits. Never fails.",
            (fields, step) =>
            {
                var at = fields.Node["size"];
                var size = fields.Get("size", Decode.WholeNumber.Between(1, 65536), 8, "Items in a list.");
                var last = fields.Get("last", Decode.OneOf(("keep", LastBatch.Keep), ("drop", LastBatch.Drop)), LastBatch.Keep, "What becomes of a short last list.");
                if (step.FlowGiven && step.Flow.Capacity < size)
                {
                    fields.Refuse("size", $"expected at most the capacity of the step, {step.Flow.Capacity}, found {size}");
                }

                return new BatchStep(step.Flow with { Capacity = Math.Max(step.Flow.Capacity, size) }, size, last, at);
            }),
    ];

    private sealed record BatchStep(FlowOptions Flow, int Size, LastBatch Last, ConfigNode SizeAt) : GenericStep("batch")
    {
        public override Validated<IOpenFlow> Behind<T>(Flow<T> upstream, string upstreamName, ConfigNode at) =>
            Validated.Ok<IOpenFlow>(new OpenFlow<IReadOnlyList<T>>(upstream >> (Stage.Batch<T>(Name, Flow, Size, Last) with { Foresee = outlook => outlook.Together(Size, SizeAt) }), Name));
    }
}
