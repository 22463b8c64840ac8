using System.Collections.Concurrent;
using System.Runtime.Loader;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages;
using InMARS.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Modules;

public class ModuleLoaderTests
{
    private static readonly ConfigNode At = new(null, "modules", new ConfigFile("run.yaml"));

    private static string AcmeDll => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Acme.Stages", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Acme.Stages.dll"));

    [Fact]
    public void A_third_party_assembly_is_loaded_from_its_dll_and_shares_the_hosts_types()
    {
        var module = Assert.Single(Loaded(AcmeDll));

        var entry = Assert.Single(module.Entries);
        Assert.Equal(("acme.gain", "RgbImage -> RgbImage"), (entry.Name, entry.Types));
        Assert.Equal(new FieldNote("factor", "a number, 0.1 to 10", "1.5", "What values are multiplied by."), Assert.Single(entry.Options));
        Assert.NotSame(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(module.GetType().Assembly));
    }

    [Fact]
    public async Task Its_stage_runs_in_a_graph_and_its_faults_are_item_faults()
    {
        var entry = Loaded(AcmeDll).Single().Entries.Single();
        var outputs = new ConcurrentQueue<RgbImage>();
        var source = Stage.Map<int, RgbImage>("image", new FlowOptions(), (x, _) => new RgbImage(new Origin("s", $"{x}"), 1, 1, 3, [(byte)x, 0, 0]));
        var step = (IStageStep)((Validated<object>.Valid)Fields.Read(Node("factor: 2"), f => entry.Read(f, new StepContext(new FlowOptions(), false, 1)))).Value;
        var flow = new OpenFlow<RgbImage>(Toy.Numbers(4) >> source, "image").Then(step, At).Match(f => (OpenFlow<RgbImage>)f, e => throw new InvalidOperationException(e[0].Message));
        var host = new TestHost();

        await Toy.RunAsync(flow.Flow >> Toy.Collect(outputs), host);

        Assert.Equal([2, 4, 6], outputs.Select(o => (int)o.Pixels[0]));
        Assert.Equal("acme.dark", Assert.Single(host.Rejects).Fault.Code);
    }

    [Fact]
    public void A_missing_file_a_text_and_an_assembly_without_modules_are_errors_with_a_place()
    {
        var text = Path.GetTempFileName();

        Assert.Equal("run.yaml: modules: no such file: 'nowhere.dll'", Error("nowhere.dll"));
        Assert.StartsWith($"run.yaml: modules: cannot load '{text}': ", Error(text), StringComparison.Ordinal);
        Assert.Equal(
            "run.yaml: modules: 'x' declares no stage module; expected [assembly: StageModule(typeof(...))]",
            ModuleLoader.Modules(typeof(ModuleLoaderTests).Assembly, "x", At).ErrorsOrNone.Single().ToString());
        File.Delete(text);
    }

    [Fact]
    public void Two_modules_that_claim_one_name_are_an_error()
    {
        var module = Loaded(AcmeDll).Single();

        var errors = Catalog.Of([module, module], At).ErrorsOrNone;

        Assert.Equal("two modules claim the name 'acme.gain'", Assert.Single(errors).Message);
    }

    [Fact]
    public void Built_in_stages_come_through_the_same_door()
    {
        var modules = ModuleLoader.Modules(typeof(StandardStages).Assembly, "InMARS.Stages.dll", At);

        Assert.IsType<StandardStages>(Assert.Single(((Validated<IReadOnlyList<IStageModule>>.Valid)modules).Value));
    }

    private static ConfigNode Node(string yaml) => new(YamlText.Parse(yaml), "with", new ConfigFile("run.yaml"));

    private static IReadOnlyList<IStageModule> Loaded(string path) =>
        ModuleLoader.Load(path, At).Match(modules => modules, errors => throw new InvalidOperationException(errors[0].ToString()));

    private static string Error(string path) => ModuleLoader.Load(path, At).ErrorsOrNone.Single().ToString();
}
