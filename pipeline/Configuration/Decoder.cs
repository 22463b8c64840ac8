using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Configuration;

/// <summary>Reads one value.</summary>
/// <param name="Expected">What it accepts, as it stands in messages and in the documentation: <c>whole number, 2 to 256</c>.</param>
/// <param name="Read">Gives the value or errors that carry their place.</param>
/// <param name="Show">Writes a value as YAML flow text, for the resolved configuration and the documentation.</param>
public sealed record Decoder<T>(string Expected, Func<ConfigNode, Validated<T>> Read, Func<T, string> Show);
