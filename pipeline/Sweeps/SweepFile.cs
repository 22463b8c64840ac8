using System.Collections.Immutable;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Sweeps;

/// <summary>
/// Reads sweep files: tasks x variants x seeds. All errors come in one pass, those of the file itself and those of every
/// run file that follows from it, each with its place.
/// </summary>
/// <remarks>
/// A task or a variant is a map of paths to values, as <c>--set</c> takes them, and may name a <c>base</c>; the variant's
/// base goes before the task's, and that before the file's. The task's values are set first, then the variant's.
/// </remarks>
public static class SweepFile
{
    private static readonly Choice Plain = new("default", null, []);

    /// <param name="overrides"><c>path=value</c> for the sweep file itself, such as <c>sweep.seeds=[1]</c>.</param>
    public static Validated<SweepPlan> Read(string path, IReadOnlyList<string> overrides, IReadOnlyList<IStageModule> builtIn) =>
        ConfigText.Read(path, "sweep file").Bind(text =>
        {
            var (root, errors) = YamlReader.Read(text, path);
            if (root is null)
            {
                return new Validated<SweepPlan>.Invalid(errors);
            }

            if (root.Yaml is not YamlMappingNode)
            {
                return root.Error($"expected a map with sweep, base or tasks, and variants, found {root.Found}");
            }

            errors = [.. errors, .. overrides.Select(o => Overrides.Of(o)(root)).OfType<ConfigError>()];
            var plan = Fields.Read(root, fields => Plan(fields, builtIn));
            errors = [.. errors.Concat(plan.ErrorsOrNone).Distinct()];
            return errors.IsEmpty ? plan : new Validated<SweepPlan>.Invalid(errors);
        });

    private static SweepPlan Plan(Fields fields, IReadOnlyList<IStageModule> builtIn)
    {
        var (name, output, seeds) = fields.Group("sweep", ReadHead, "Name, seeds and place of the sweep.");
        _ = fields.Optional("base", Decode.Text, "Run file that tasks start from, relative to the sweep file.");
        var tasks = Choice.Several(fields, "tasks", "What is to be solved; absent, the base alone is the one task.");
        var variants = Choice.Several(fields, "variants", "How it is solved; absent, as the tasks say.") ?? [Plain];
        var file = fields.Node["base"];
        tasks ??= [new Choice(NameOf(file.Scalar), null, [])];
        var directory = Path.Combine(output ?? "", name ?? "");
        var cells = tasks.SelectMany(task => variants.Select(variant => new Cell(task, variant, variant.Base ?? task.Base ?? file))).ToList();
        var read = cells.Select(cell => cell.Runs(directory, seeds is { Count: > 0 } ? seeds : [1], builtIn)).ToList();
        Refusals(cells, read, fields.Node.File.Name).ForEach(e => fields.Take<object>(e));
        return new SweepPlan(name ?? "", directory, [.. read.SelectMany(r => r.Match(runs => runs, _ => []))]);
    }

    private static (string Name, string Output, IReadOnlyList<long>? Seeds) ReadHead(Fields fields)
    {
        var name = fields.Require("name", Decode.Name, "Name of the sweep and of its directory below `output`.");
        var output = fields.Get("output", Decode.Text, "runs", "Folder for sweeps.");
        var seeds = fields.Require("seeds", Decode.ListOf(Decode.LongNumber.AtLeast(0)), "Seeds; each gives a run of every task and variant.");
        if (seeds is { Count: 0 })
        {
            fields.Refuse("seeds", "expected at least one seed, found none");
        }

        foreach (var twice in (seeds ?? []).CountBy(s => s).Where(n => n.Value > 1))
        {
            fields.Refuse("seeds", $"seed {twice.Key} stands here {twice.Value} times");
        }

        return (name, output, seeds);
    }

    /// <summary>Errors of the run files. One that not every run of its kind has says which has it, unless it stands in the sweep file.</summary>
    private static List<Validated<object>> Refusals(List<Cell> cells, List<Validated<IReadOnlyList<PlannedRun>>> read, string sweep)
    {
        var all = cells.Zip(read).SelectMany(c => c.Second.ErrorsOrNone.Distinct().Select(e => (Cell: c.First, Error: e))).ToList();
        return [.. all.GroupBy(e => e.Error, e => e.Cell).Select(group =>
            (Validated<object>)(group.Count() == cells.Count || group.Key.Where.StartsWith($"{sweep}:", StringComparison.Ordinal)
                ? group.Key
                : group.Key with { Message = $"{group.Key.Message} ({group.First().Task.Name} / {group.First().Variant.Name})" }))];
    }

    /// <summary>The name of a task that has none: that of its run file.</summary>
    private static string NameOf(string? file)
    {
        var stem = string.Concat((Path.GetFileNameWithoutExtension(file) ?? "").Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-'));
        return stem.TrimStart('.', '-') is { Length: > 0 } name ? name : "task";
    }

    /// <summary>A task solved in one way.</summary>
    /// <param name="Base">Where the name of the run file stands.</param>
    private sealed record Cell(Choice Task, Choice Variant, ConfigNode Base)
    {
        public Validated<IReadOnlyList<PlannedRun>> Runs(string directory, IReadOnlyList<long> seeds, IReadOnlyList<IStageModule> builtIn)
        {
            if (Base.IsAbsent)
            {
                return Base.Error("expected a run file here, or in every task or every variant, found nothing");
            }

            return Decode.Text.Read(Base).Bind(name => Runs(Beside(Base.File.Name, name), Path.Combine(directory, Task.Name, Variant.Name), seeds, builtIn));
        }

        private Validated<IReadOnlyList<PlannedRun>> Runs(string path, string output, IReadOnlyList<long> seeds, IReadOnlyList<IStageModule> builtIn) => !File.Exists(path)
            ? Base.Error($"there is no run file '{path}'")
            : seeds.Select(seed => RunFile.ReadWith(path, [.. Task.Sets, .. Variant.Sets, .. PlannedRun.Own(output, seed)], builtIn))
                .Gather()
                .Map(IReadOnlyList<PlannedRun> (plans) => [.. plans.Select(plan => PlannedRun.Of(Task.Name, Variant.Name, plan))]);

        /// <summary>A path relative to a file, in the shortest form.</summary>
        private static string Beside(string file, string path)
        {
            var whole = Path.Combine(Path.GetDirectoryName(file) ?? "", path);
            return Path.IsPathRooted(whole) ? Path.GetFullPath(whole) : Path.GetRelativePath(".", whole);
        }
    }
}
