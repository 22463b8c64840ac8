using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Configuration;

/// <summary>Reads YAML that is no run file, with the same errors: all at once, each with its place.</summary>
public static class YamlFile
{
    /// <param name="name">File name for messages.</param>
    public static Validated<T> Parse<T>(string text, string name, Func<ConfigNode, Validated<T>> read)
    {
        var (root, errors) = YamlReader.Read(text, name);
        return root is null ? new Validated<T>.Invalid(errors) : read(root).Match(
            value => errors.IsEmpty ? Validated.Ok(value) : new Validated<T>.Invalid(errors),
            others => new Validated<T>.Invalid([.. errors, .. others]));
    }
}
