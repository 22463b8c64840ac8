using System.Collections.Immutable;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Configuration;

/// <summary>Turns one flow of a run file into a graph, with every error of every step.</summary>
internal sealed class FlowReader(Catalog catalog, IReadOnlyDictionary<string, ConfigNode> definitions)
{
    private const int MostSteps = 1000;
    private readonly Dictionary<string, Validated<IReadOnlyList<ConfigNode>>> _filled = [];

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
        return new FlowPlan(name, epochs, graph!) { At = node };
    });

    private Validated<IReadOnlyList<(IStageStep Stage, ConfigNode At)>> ReadAll(IReadOnlyList<ConfigNode> steps, int epochs) =>
        Expand(steps).Bind(all => all.Select(at => ReadStep(at, EntryKind.Stage, epochs).Map(s => ((IStageStep)s, at))).Gather());

    private Validated<IGraph> Link(ConfigNode source, IReadOnlyList<ConfigNode> steps, IReadOnlyList<ConfigNode> sinks, int epochs)
    {
        var opened = ReadStep(source, EntryKind.Source, epochs).Map(s => (IOpenFlow)s);
        var stages = Expand(steps).Match(
            all => all.Aggregate(opened, (flow, at) => (flow, ReadStep(at, EntryKind.Stage, epochs).Map(s => (IStageStep)s))
                .Apply((f, s) => f.Then(s, at)).Bind(linked => linked)),
            errors => (opened, (Validated<object>)new Validated<object>.Invalid(errors)).Apply((f, _) => f));
        var ends = sinks.Select(at => ReadStep(at, EntryKind.Sink, epochs).Map(s => ((ISinkStep)s, at))).Gather();
        return (stages, ends).Apply((flow, all) => flow.Into(all)).Bind(graph => graph);
    }

    private Validated<IReadOnlyList<ConfigNode>> Expand(IReadOnlyList<ConfigNode> steps)
    {
        var all = Expand(steps, []);
        return all.Match(
            list => list.Count <= MostSteps ? all : steps[0].Error($"expected at most {MostSteps} steps, found more after definitions were filled in"),
            _ => all);
    }

    /// <summary>Replaces <c>- steps: name</c> by the steps of that definition.</summary>
    /// <param name="within">The definitions being filled in.</param>
    private Validated<IReadOnlyList<ConfigNode>> Expand(IReadOnlyList<ConfigNode> steps, ImmutableList<string> within) =>
        steps.Select(step => step["steps"].IsAbsent || !step["use"].IsAbsent ? Validated.Ok<IReadOnlyList<ConfigNode>>([step]) : Definition(step, within))
            .Gather()
            .Map(IReadOnlyList<ConfigNode> (lists) => [.. lists.SelectMany(l => l).Take(MostSteps + 1)]);

    private Validated<IReadOnlyList<ConfigNode>> Definition(ConfigNode step, ImmutableList<string> within) =>
        Fields.Read(step, fields => fields.Require("steps", Decode.Text, "Name of a definition.")).Bind(name => Filled(name, step["steps"], within));

    private Validated<IReadOnlyList<ConfigNode>> Filled(string name, ConfigNode at, ImmutableList<string> within)
    {
        if (within.Contains(name))
        {
            return at.Error($"definitions use each other in a circle: {string.Join(" > ", within.Append(name))}");
        }

        if (!definitions.TryGetValue(name, out var list))
        {
            return at.Error($"nothing is defined as '{name}'{Nearest.Hint(name, definitions.Keys)}");
        }

        return _filled.TryGetValue(name, out var known)
            ? known
            : _filled[name] = list.Items().Bind(items => Expand(items, within.Add(name)));
    }

    private Validated<object> ReadStep(ConfigNode node, EntryKind kind, int epochs) => Fields.Read(node, fields =>
    {
        var use = fields.Require("use", Decode.Text, "Name of the stage.");
        _ = fields.Optional("with", Decode.Node, "Its options.");
        var (flow, given) = fields.Group<(FlowOptions, bool)>("flow", kind == EntryKind.Source ? ReadPolicy : ReadFlow, "How it runs.");
        var entry = use is null ? null : fields.Take(catalog.Find(use, kind, fields.Node["use"]));
        if (entry is null)
        {
            return new object();
        }

        flow ??= new FlowOptions();
        if (kind == EntryKind.Sink && flow.Retries > 0)
        {
            fields.Refuse("flow", "a sink is not tried again, since the first try may have written; expected on_fault to be skip or stop");
        }

        var read = fields.Take(Fields.Read(node.File.MapAt(node, "with"), options => entry.Read(options, new StepContext(flow, given, epochs))));
        if (read is IStageStep { TriesAgain: false } && flow.Retries > 0)
        {
            fields.Refuse("flow", "a stage with a state is not tried again, since the first try may have changed it; expected on_fault to be skip or stop");
        }

        if (flow.ItemTimeoutSeconds > 0 && read is ISinkStep or IStageStep { LeavesLate: false })
        {
            fields.Refuse("flow", $"this cannot leave a late item behind, since it keeps something between items or writes it; expected no {ItemTimeout.Key}");
        }

        return read is ISourceStep source ? source.Open(flow) : read;
    });

    /// <remarks>The default capacity is a word, so that a resolved file leaves it to the stage as the file it came from did.</remarks>
    private static (FlowOptions Flow, bool CapacityGiven) ReadFlow(Fields fields)
    {
        var parallelism = fields.Get("parallelism", Decode.WholeNumber.Between(1, FlowOptions.MostParallelism).Or("auto"), null, "Items in hand at once; auto means what the first items show to be enough, at most one a core.");
        var capacity = fields.Get("capacity", Decode.WholeNumber.Between(1, 65536).Or("auto"), null, "Items the stage may hold; auto means two for each in hand, and what the stage needs.");
        var timeout = fields.Get(ItemTimeout.Key, ItemTimeout.Seconds.Or("inherit"), null, "Seconds that the stage may be at one item, which is rejected then; 0 for any time.");
        var policy = ReadPolicy(fields).Flow;
        return (policy.OrAuto(parallelism, capacity, Environment.ProcessorCount) with { ItemTimeoutSeconds = timeout }, capacity is not null);
    }

    private static (FlowOptions Flow, bool CapacityGiven) ReadPolicy(Fields fields)
    {
        var (onFault, retries) = fields.Get("on_fault", FaultPolicy.OfStage, (OnFault.Inherit, 0), "What becomes of faults of this stage.");
        return (new FlowOptions(OnFault: onFault) { Retries = retries }, false);
    }
}
