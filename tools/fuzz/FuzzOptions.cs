using System.Globalization;

namespace InMARS.Fuzz;

/// <summary>What the command line asks for.</summary>
/// <param name="Count">Inputs of all targets together, or of the one that is named.</param>
/// <param name="From">Number of the first input of each target.</param>
/// <param name="Only">The one target, or null for all.</param>
/// <param name="Record">As worker: the file that says which input is in hand.</param>
/// <param name="Until">As worker: the input to stop before.</param>
/// <param name="Keep">Where one input is to be written, instead of being tried.</param>
internal sealed record FuzzOptions(long Seed, long Count, long From, string? Only, string? Record, long Until, string? Keep)
{
    public const string Usage = "usage: InMARS.Fuzz [--seed N] [--count N] [--target NAME] [--from N] [--keep FILE]";

    /// <summary>Where the records of the inputs in hand lie.</summary>
    public string Records { get; } = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "inmars-fuzz")).FullName;

    /// <exception cref="FormatException">It is not to be understood.</exception>
    public static FuzzOptions Parse(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, string>();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            given[arguments[i]] = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"expected a value behind {arguments[i]}");
        }

        long Number(string key, long otherwise) => given.Remove(key, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        string? Text(string key) => given.Remove(key, out var text) ? text : null;
        var options = new FuzzOptions(
            Number("--seed", 1), Number("--count", 100_000), Number("--from", 0), Text("--target"), Text("--record"), Number("--until", 0), Text("--keep"));
        return given.Count > 0 ? throw new FormatException($"unknown option {given.Keys.First()}")
            : options.Only is null || Targets.All.Any(t => t.Name == options.Only) ? options
            : throw new FormatException($"expected one of {string.Join(", ", Targets.All.Select(t => t.Name))}, found '{options.Only}'");
    }

    public long CountOf(Target target) => Only is null ? (Count * target.Share) / 100 : Count;
}
