using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>What stands at one place of a tar.</summary>
internal abstract record TarStep
{
    private TarStep()
    {
    }

    /// <summary>A file of a sample, or why it may not be used.</summary>
    public sealed record Part(string Key, TarPart File, Fault? Fault) : TarStep;

    /// <summary>An entry that belongs to no sample and may not be passed over in silence.</summary>
    /// <param name="File">Its bytes, where it would be a file of a sample under another name.</param>
    public sealed record Stray(string Name, TarPart? File, Fault Fault) : TarStep;

    /// <summary>Nothing behind this can be read.</summary>
    /// <param name="Key">The sample that is cut, where that is known.</param>
    public sealed record Broken(string? Key, Fault Fault) : TarStep;
}
