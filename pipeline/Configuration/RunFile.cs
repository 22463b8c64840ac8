using System.Collections.Immutable;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Configuration;

/// <summary>Reads run files. All errors of a file come in one pass, each with its place.</summary>
public static class RunFile
{
    private const int MostErrors = 200;

    /// <summary>Reads, overrides, decodes and links a run file. Nothing is opened.</summary>
    /// <param name="overrides"><c>path=value</c>, applied in order before anything is decoded.</param>
    /// <param name="builtIn">Modules of the program itself.</param>
    public static Validated<RunPlan> Read(string path, IReadOnlyList<string> overrides, IReadOnlyList<IStageModule> builtIn) =>
        ReadWith(path, [.. overrides.Select(Overrides.Of)], builtIn).Map(plan => plan with { Source = new RunFileSource(Path.GetFullPath(path), overrides) });

    public static Validated<RunPlan> Parse(string text, string name, IReadOnlyList<string> overrides, IReadOnlyList<IStageModule> builtIn) =>
        Parse(text, name, [.. overrides.Select(Overrides.Of)], builtIn);

    internal static Validated<RunPlan> ReadWith(string path, IReadOnlyList<Override> overrides, IReadOnlyList<IStageModule> builtIn) =>
        ConfigText.Read(path, "run file").Bind(text => Parse(text, path, overrides, builtIn));

    private static Validated<RunPlan> Parse(string text, string name, IReadOnlyList<Override> overrides, IReadOnlyList<IStageModule> builtIn)
    {
        var (root, errors) = YamlReader.Read(text, name);
        if (root is null)
        {
            return new Validated<RunPlan>.Invalid(errors);
        }

        if (root.Yaml is not YamlDotNet.RepresentationModel.YamlMappingNode)
        {
            return root.Error($"expected a map with run and flows, found {root.Found}");
        }

        errors = [.. errors, .. overrides.Select(put => put(root)).OfType<ConfigError>()];
        var plan = Fields.Read(root, fields => Decode(fields, builtIn));
        errors = [.. errors.Concat(plan.ErrorsOrNone).Distinct()];
        return errors.IsEmpty
            ? plan.Map(p => p with { Resolved = YamlText.Write(root.Yaml) })
            : new Validated<RunPlan>.Invalid(Shown(errors, name));
    }

    private static ImmutableArray<ConfigError> Shown(ImmutableArray<ConfigError> errors, string name) => errors.Length <= MostErrors
        ? errors
        : [.. errors[..MostErrors], new ConfigError(name, "", $"{errors.Length - MostErrors} more errors")];

    private static RunPlan Decode(Fields fields, IReadOnlyList<IStageModule> builtIn)
    {
        var settings = fields.Group("run", RunSettingsReader.Read, "Name, seed, output and limits of the run.");
        var modules = fields.Get("modules", Configuration.Decode.ListOf(Configuration.Decode.Text), [], "Assemblies with further stages, relative to the current directory.");
        var define = fields.Optional("define", Configuration.Decode.MapOf(Configuration.Decode.Node), "Named lists of steps, to be used in several flows.") ?? [];
        var flows = fields.Require("flows", Configuration.Decode.ListOf(Configuration.Decode.Node), "The flows, in the order in which they run.") ?? [];
        var at = fields.Node["modules"];
        var loaded = fields.Take((modules ?? []).Select(m => ModuleLoader.Load(m, at)).Gather().Map(all => all.SelectMany(m => m))) ?? [];
        if (fields.Take(Catalog.Of([.. builtIn, .. loaded], at)) is not { } catalog)
        {
            return new RunPlan(settings, [], "");
        }

        var reader = new FlowReader(catalog, define.ToDictionary(d => d.Key, d => d.Value));
        reader.CheckDefinitions().ForEach(e => fields.Take<object>(e));
        var plans = flows.Select(flow => fields.Take(reader.Read(flow))).OfType<FlowPlan>().ToList();
        foreach (var twice in plans.GroupBy(p => p.Name).Where(g => g.Count() > 1))
        {
            fields.Refuse("flows", $"two flows are called '{twice.Key}'");
        }

        if (flows.Count == 0 && !fields.Node["flows"].IsAbsent)
        {
            fields.Refuse("flows", "expected at least one flow, found none");
        }

        return new RunPlan(settings, plans, "");
    }
}
