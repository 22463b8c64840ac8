using System.Reflection;
using System.Reflection.Emit;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Modules;

/// <summary>Assemblies and modules that do not keep to the contract: each is one error that names it.</summary>
public sealed class HostileModuleTests : IDisposable
{
    private static readonly ConfigNode At = new(null, "modules", new ConfigFile("run.yaml"));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(typeof(ThrowsWhenMade), "a module of '{0}' failed to start: no licence")]
    [InlineData(typeof(ThrowsBeforeItIsMade), "a module of '{0}' failed to start: no library")]
    [InlineData(typeof(Abstract), "'InMARS.Tests.Pipeline.Modules.HostileModuleTests+Abstract' of '{0}' is not an IStageModule with a public constructor without parameters")]
    [InlineData(typeof(Open<>), "'InMARS.Tests.Pipeline.Modules.HostileModuleTests+Open`1' of '{0}' is not an IStageModule with a public constructor without parameters")]
    [InlineData(typeof(string), "'System.String' of '{0}' is not an IStageModule with a public constructor without parameters")]
    [InlineData(null, "'' of '{0}' is not an IStageModule with a public constructor without parameters")]
    public void A_module_that_cannot_start_is_an_error(Type? module, string error)
    {
        var path = Declaring(module);

        Assert.Equal($"run.yaml: modules: {string.Format(null, error, path)}", Error(path));
    }

    [Fact]
    public void A_file_that_is_no_assembly_for_this_machine_is_an_error()
    {
        var (empty, cut, elf, foreign) = (_folder["empty.dll"], _folder["cut.dll"], _folder["elf.dll"], _folder["foreign.dll"]);
        var whole = File.ReadAllBytes(Declaring(typeof(Mute)));
        File.WriteAllBytes(empty, []);
        File.WriteAllBytes(cut, whole[..(whole.Length / 2)]);
        File.WriteAllBytes(elf, [0x7F, (byte)'E', (byte)'L', (byte)'F', .. new byte[500]]);
        var machine = BitConverter.ToInt32(whole, 0x3C) + 4;
        File.WriteAllBytes(foreign, [.. whole[..machine], 0x64, 0xAA, .. whole[(machine + 2)..]]);

        foreach (var path in new[] { empty, cut, elf, foreign })
        {
            Assert.StartsWith($"run.yaml: modules: cannot load '{path}': ", Error(path), StringComparison.Ordinal);
        }

        Assert.Equal($"run.yaml: modules: no such file: '{_folder.Path}'", Error(_folder.Path));
    }

    [Fact]
    public void A_damaged_list_of_dependencies_is_an_error()
    {
        var path = Declaring(typeof(Mute));
        File.WriteAllText(Path.ChangeExtension(path, ".deps.json"), "{");

        Assert.StartsWith($"run.yaml: modules: cannot load '{path}': Dependency resolution failed", Error(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_does_not_list_its_stages_is_an_error() => Assert.Equal(
        [
            $"module '{typeof(Mute).FullName}' lists no stages",
            $"module '{typeof(Listing).FullName}' failed to list its stages: out of order",
            $"module '{typeof(Listing).FullName}' failed to list its stages: late",
            $"module '{typeof(Listing).FullName}' lists a stage that is null",
            $"module '{typeof(Listing).FullName}' lists a stage without a name",
            $"module '{typeof(Listing).FullName}' lists a stage without a name",
            $"module '{typeof(Listing).FullName}' lists a stage 'mute' that cannot be read from a run file",
            $"module '{typeof(Listing).FullName}' lists 'same' twice",
            $"module '{typeof(Listing).FullName}' lists more than 10000 stages",
        ],
        Catalog.Of(
            [
                new Mute(), new Listing(() => throw new InvalidOperationException("out of order")), new Listing(Late), new Listing(() => [null!]),
                new Listing(() => [Entry("")]), new Listing(() => [Entry(null!)]), new Listing(() => [Entry("mute") with { Read = null! }]),
                new Listing(() => [Entry("same"), Entry("other"), Entry("same")]), new Listing(Endless),
            ],
            At).ErrorsOrNone.Select(e => e.Message));

    private static string Error(string path) => ModuleLoader.Load(path, At).ErrorsOrNone.Single().ToString();

    private static StageEntry Entry(string name) => new(name, "", EntryKind.Stage, "", "", (_, _) => new object());

    private static IEnumerable<StageEntry> Late()
    {
        yield return Entry("first");
        throw new InvalidOperationException("late");
    }

    private static IEnumerable<StageEntry> Endless()
    {
        for (var i = 0; ; i++)
        {
            yield return Entry($"s{i}");
        }
    }

    /// <summary>An assembly on disk that does nothing but to declare a module.</summary>
    private string Declaring(Type? module)
    {
        var name = $"Declares{module?.Name.Split('`')[0]}";
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        assembly.SetCustomAttribute(new CustomAttributeBuilder(typeof(StageModuleAttribute).GetConstructors()[0], [module]));
        assembly.DefineDynamicModule(name);
        var path = _folder[$"{name}.dll"];
        assembly.Save(path);
        return path;
    }

    public sealed class ThrowsWhenMade : IStageModule
    {
        public ThrowsWhenMade() => throw new InvalidOperationException("no licence");

        public IEnumerable<StageEntry> Entries => [];
    }

    public sealed class ThrowsBeforeItIsMade : IStageModule
    {
        private static readonly string _library = Environment.NewLine.Length > 0 ? throw new DllNotFoundException("no library") : "";
        private readonly string _name = _library;

        public IEnumerable<StageEntry> Entries => [Entry(_name)];
    }

    public abstract class Abstract : IStageModule
    {
        public IEnumerable<StageEntry> Entries => [];
    }

    public sealed class Open<T> : IStageModule
    {
        public IEnumerable<StageEntry> Entries => [Entry(typeof(T).Name)];
    }

    public sealed class Mute : IStageModule
    {
        public IEnumerable<StageEntry> Entries => null!;
    }

    private sealed class Listing(Func<IEnumerable<StageEntry>> list) : IStageModule
    {
        public IEnumerable<StageEntry> Entries => list();
    }
}
