namespace InMARS.Pipeline.Modules;

/// <summary>An assembly's contribution to the catalogue. Built-in stages come through this door too.</summary>
public interface IStageModule
{
    IEnumerable<StageEntry> Entries { get; }
}

/// <summary>Names a module of this assembly; it needs a public constructor without parameters.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class StageModuleAttribute(Type module) : Attribute
{
    public Type Module { get; } = module;
}
