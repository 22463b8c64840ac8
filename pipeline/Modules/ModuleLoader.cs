using System.Reflection;
using System.Runtime.Loader;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Modules;

/// <summary>Loads the stage assemblies that a run file names. Loading code is running code: name only what you trust.</summary>
public static class ModuleLoader
{
    /// <summary>Loads every module that an assembly declares.</summary>
    /// <param name="path">Path of a .dll, relative to the current directory.</param>
    /// <returns>
    /// The modules, or one error: no such file, no .NET assembly, one for another machine, a damaged one, no
    /// <see cref="StageModuleAttribute"/>, one that names no module, a constructor that throws.
    /// </returns>
    public static Validated<IReadOnlyList<IStageModule>> Load(string path, ConfigNode at)
    {
        if (!File.Exists(path))
        {
            return at.Error($"no such file: '{path}'");
        }

        try
        {
            var full = Path.GetFullPath(path);
            var assembly = new ModuleContext(full).LoadFromAssemblyPath(full);
            return Modules(assembly, path, at);
        }
        catch (Exception e) when (e is TargetInvocationException or TypeInitializationException)
        {
            return at.Error($"a module of '{path}' failed to start: {e.GetBaseException().Message}");
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException or TypeLoadException
            or InvalidOperationException or CustomAttributeFormatException)
        {
            // InvalidOperationException: AssemblyDependencyResolver, for a .deps.json that is damaged.
            return at.Error($"cannot load '{path}': {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The modules of an assembly that is loaded already.</summary>
    public static Validated<IReadOnlyList<IStageModule>> Modules(Assembly assembly, string path, ConfigNode at)
    {
        var declared = assembly.GetCustomAttributes<StageModuleAttribute>().Select(a => a.Module).ToList();
        var strangers = declared.Where(type => !CanStart(type)).ToList();
        return (declared.Count, strangers.Count) switch
        {
            (0, _) => at.Error($"'{path}' declares no stage module; expected [assembly: StageModule(typeof(...))]"),
            (_, > 0) => at.Error($"'{strangers[0]?.FullName}' of '{path}' is not an IStageModule with a public constructor without parameters"),
            _ => Validated.Ok<IReadOnlyList<IStageModule>>([.. declared.Select(type => (IStageModule)Activator.CreateInstance(type)!)]),
        };
    }

    private static bool CanStart(Type? type) =>
        type is { IsAbstract: false, ContainsGenericParameters: false } && type.IsAssignableTo(typeof(IStageModule)) && type.GetConstructor([]) is not null;

    /// <summary>Gives a module its own dependencies, except those the host has: stage types and native libraries must be shared.</summary>
    private sealed class ModuleContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            try
            {
                return Default.LoadFromAssemblyName(assemblyName);
            }
            catch (FileNotFoundException)
            {
                return _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;
            }
        }
    }
}
