using System.Globalization;

namespace InMARS.Soak;

/// <summary>What the command line asks for.</summary>
/// <param name="Minutes">What the whole is to take, about, on a quiet machine: the undisturbed run, the disturbed one, and what it repeats.</param>
/// <param name="Seed">Of the scenes, of what is damaged, and of what happens when.</param>
/// <param name="Epochs">Of the training; 0 for as many as the minutes allow.</param>
/// <param name="Folder">Where everything happens; it must be empty or absent, and is removed where all is well.</param>
internal sealed record SoakOptions(double Minutes, int Seed, int Epochs, string Folder)
{
    public const string Usage = "usage: InMARS.Soak [--minutes N] [--seed N] [--epochs N] [--folder DIR]";

    private const double ShortestMinutes = 0.5;

    /// <summary>Share of a night of 20 minutes; times between disturbances shrink with it.</summary>
    public double Scale => Math.Min(1, Minutes / 20);

    /// <summary>Minutes between checkpoints: several between two disturbances.</summary>
    public double CheckpointMinutes => 0.1 * Scale;

    public int Shards => 10;

    public int PerShard => (int)Math.Clamp(6 * Minutes, 10, 100);

    public int Images => Shards * PerShard;

    /// <summary>Shards of the run over many small images: a tenth of a million in 20 minutes.</summary>
    public int ManyShards => Math.Max(8, (int)(100 * Scale));

    public int ManyPerShard => Math.Max(50, (int)(1000 * Scale));

    public int ManyImages => ManyShards * ManyPerShard;

    /// <summary>Width and height of these, in pixels.</summary>
    public int ManyEdge => 32;

    /// <exception cref="FormatException">It is not to be understood.</exception>
    public static SoakOptions Parse(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, string>();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            given[arguments[i]] = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"expected a value behind {arguments[i]}");
        }

        string Text(string key, string otherwise) => given.Remove(key, out var text) ? text : otherwise;
        var options = new SoakOptions(
            double.Parse(Text("--minutes", "20"), CultureInfo.InvariantCulture),
            int.Parse(Text("--seed", "1"), CultureInfo.InvariantCulture),
            int.Parse(Text("--epochs", "0"), CultureInfo.InvariantCulture),
            Path.GetFullPath(Text("--folder", Path.Combine(Path.GetTempPath(), $"inmars-soak-{Environment.ProcessId}"))));
        return given.Count > 0 ? throw new FormatException($"unknown option {given.Keys.First()}")
            : options.Minutes >= ShortestMinutes ? options
            : throw new FormatException($"expected {ShortestMinutes} minutes or more, found {options.Minutes}");
    }
}
