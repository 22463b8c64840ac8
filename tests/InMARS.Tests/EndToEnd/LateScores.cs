using System.Formats.Tar;
using InMARS.Tests.Cli;
using InMARS.Tests.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>Runs that predict and score, some of whose items are refused at first.</summary>
internal sealed class LateScores
{
    /// <summary>The fix of what is wrong with a2 and b0.</summary>
    public const string Lenient = "define.prepare.image.decode.with.labels.strict=false";

    private readonly TemporaryFolder _folder;

    /// <summary>Two shards, in which the label ids of a2 and b0 are unknown to the run file.</summary>
    public LateScores(TemporaryFolder folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder["data"]);
        Directory.CreateDirectory(folder["truth"]);
        Write("a", BadShards.Item("a0"), BadShards.Item("a1"), Unknown("a2"));
        Write("b", Unknown("b0"));
        WriteTruth();
        BadShards.WriteModel(Model);
    }

    public string RunFile
    {
        get
        {
            File.WriteAllText(_folder["run.yaml"], RunText.Score(_folder, Model));
            return _folder["run.yaml"];
        }
    }

    private string Model => _folder["model", "model.safetensors"];

    /// <summary>The label maps to score against; but for <paramref name="damaged"/>, they are whole.</summary>
    public void WriteTruth(params string[] damaged) => File.WriteAllBytes(
        _folder["truth", "t.tar"],
        Tars.Of(TarEntryFormat.Ustar, new[] { "a0", "a1", "a2", "b0" }.Select(key => ($"{key}.png", damaged.Contains(key) ? "No map."u8.ToArray() : BadShards.Labels()))));

    public Task<CliRun> RunAsync(string name, params string[] further) => Product.RunAsync(["run", RunFile, "--set", $"run.name={name}", .. further]);

    public string Place(string name) => _folder["runs", name];

    public RunFolder Run(string name) => new(Place(name));

    /// <summary>All that was found out in a run, as text.</summary>
    public string Results(string name) => Run(name).Metrics["results"]!.ToJsonString();

    /// <summary>Read and rejected of each flow, and how the run ended.</summary>
    public string Books(string name) =>
        string.Join(", ", Run(name).Metrics["items"]!.AsObject().Select(f => $"{f.Key} {f.Value!["read"]} {f.Value["left"]} {f.Value["rejected"]}").Prepend($"{Run(name).Metrics["end"]}"));

    private void Write(string shard, params (string Name, byte[] Bytes)[][] items) =>
        File.WriteAllBytes(_folder["data", $"{shard}.tar"], Tars.Of(TarEntryFormat.Ustar, items.SelectMany(i => i)));

    private static (string Name, byte[] Bytes)[] Unknown(string key) => [($"{key}.png", BadShards.Image()), ($"{key}.label.png", BadShards.Labels(most: 77))];
}
