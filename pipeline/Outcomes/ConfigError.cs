namespace InMARS.Pipeline.Outcomes;

/// <summary>One thing wrong with a run file, told so that its author can mend it.</summary>
/// <param name="Where">File, line and column, such as <c>config.yaml:14:9</c>, or the override that set the value.</param>
/// <param name="Path">Path of the key, such as <c>flows.train.steps[2].with.region_size</c>; empty for the whole file.</param>
/// <param name="Message">What was expected and what was found.</param>
public sealed record ConfigError(string Where, string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? $"{Where}: {Message}" : $"{Where}: {Path}: {Message}";
}
