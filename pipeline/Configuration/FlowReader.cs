using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Configuration;

/// <summary>Turns one flow of a run file into a graph, with every error of every step.</summary>
internal sealed class FlowReader(Catalog catalog, IReadOnlyDictionary<string, ConfigNode> definitions)
{
    /// <summary>Errors of definitions that are not lists; their steps are checked where they are used.</summary>
    public List<Validated<object>> CheckDefinitions() =>
        [.. definitions.Values.Select(d => d.Items()).Where(v => v.ErrorsOrNone.Length > 0).Select(v => v.Map(object (_) => new object()))];

    public Validated<FlowPlan> Read(ConfigNode node) => Fields.Read(node, fields =>
    {
        var name = fields.Require("name", Decode.Name, "Name of the flow, unique in the file.");
        var epochs = fields.Get("epochs", Decode.WholeNumber.Between(1, 1_000_000), 1, "Passes over the source.");
        var source = fields.Require("source", Decode.Node, "Where items come from.");
        var steps = fields.Get("steps", Decode.ListOf(Decode.Node), [], "Stages, in order.") ?? [];
        var sinks = fields.Require("sinks", Decode.ListOf(Decode.Node), "Where items go; each of several sinks sees every item.") ?? [];
        if (sinks.Count == 0 && !fields.Node["sinks"].IsAbsent)
        {
            fields.Refuse("sinks", "expected at least one sink, found none");
        }

        var graph = source is null || sinks.Count == 0
            ? fields.Take(ReadAll(steps, epochs).Map(_ => (IGraph?)null))
            : fields.Take(Link(source, steps, sinks, epochs));
        return new FlowPlan(name, epochs, graph!);
    });

    private Validated<IReadOnlyList<(IStageStep Stage, ConfigNode At)>> ReadAll(IReadOnlyList<ConfigNode> steps, int epochs) =>
        Expand(steps).Bind(all => all.Select(at => ReadStep(at, EntryKind.Stage, epochs).Map(s => ((IStageStep)s, at))).Gather());

    private Validated<IGraph> Link(ConfigNode source, IReadOnlyList<ConfigNode> steps, IReadOnlyList<ConfigNode> sinks, int epochs)
    {
        var opened = ReadStep(source, EntryKind.Source, epochs).Map(s => ((ISourceStep)s).Open());
        var stages = Expand(steps).Match(
            all => all.Aggregate(opened, (flow, at) => (flow, ReadStep(at, EntryKind.Stage, epochs).Map(s => (IStageStep)s))
                .Apply((f, s) => f.Then(s, at)).Bind(linked => linked)),
            errors => (opened, (Validated<object>)new Validated<object>.Invalid(errors)).Apply((f, _) => f));
        var ends = sinks.Select(at => ReadStep(at, EntryKind.Sink, epochs).Map(s => ((ISinkStep)s, at))).Gather();
        return (stages, ends).Apply((flow, all) => flow.Into(all)).Bind(graph => graph);
    }

    /// <summary>Replaces <c>- steps: name</c> by the steps of that definition.</summary>
    private Validated<IReadOnlyList<ConfigNode>> Expand(IReadOnlyList<ConfigNode> steps, int depth = 0) =>
        steps.Select(step => step["steps"] is { IsAbsent: false } name && step["use"].IsAbsent ? Definition(name, depth) : Validated.Ok<IReadOnlyList<ConfigNode>>([step]))
            .Gather()
            .Map(IReadOnlyList<ConfigNode> (lists) => [.. lists.SelectMany(l => l)]);

    private Validated<IReadOnlyList<ConfigNode>> Definition(ConfigNode name, int depth) =>
        depth > 8
            ? name.Error("definitions use each other in a circle")
            : definitions.TryGetValue(name.Scalar ?? "", out var list)
                ? list.Items().Bind(items => Expand(items, depth + 1))
                : name.Error($"nothing is defined as {name.Found}{Nearest.Hint(name.Scalar, definitions.Keys)}");

    private Validated<object> ReadStep(ConfigNode node, EntryKind kind, int epochs) => Fields.Read(node, fields =>
    {
        var use = fields.Require("use", Decode.Text, "Name of the stage.");
        _ = fields.Optional("with", Decode.Node, "Its options.");
        var given = !fields.Node["flow"]["capacity"].IsAbsent;
        var flow = kind == EntryKind.Source ? new FlowOptions() : fields.Group("flow", ReadFlow, "How it runs.");
        var entry = use is null ? null : fields.Take(catalog.Find(use, kind, fields.Node["use"]));
        if (entry is null)
        {
            return new object();
        }

        var with = node["with"];
        return fields.Take(Fields.Read(
            with.IsAbsent ? node.File.AddMap(node, "with") : with,
            options => entry.Read(options, new StepContext(flow ?? new FlowOptions(), given, epochs))));
    });

    private static FlowOptions ReadFlow(Fields fields) => new(
        fields.Get("parallelism", Decode.WholeNumber.Between(1, 256).Or("auto"), null, "Items in hand at once; auto means one a core.") ?? Environment.ProcessorCount,
        fields.Get("capacity", Decode.WholeNumber.Between(1, 65536), 16, "Items the stage may hold."),
        fields.Get("on_fault", Decode.OneOf(("inherit", OnFault.Inherit), ("skip", OnFault.Skip), ("stop", OnFault.Stop)), OnFault.Inherit, "What becomes of faults of this stage."));
}
