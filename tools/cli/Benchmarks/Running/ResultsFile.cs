using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>What a bench measured, as JSON.</summary>
internal static class ResultsFile
{
    public const string Format = "inmars.bench";
    public const int Version = 1;
    private static readonly JsonSerializerOptions _readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file whole or not at all; its folder is made if absent.</summary>
    /// <exception cref="Pipeline.Outcomes.RunException">It cannot be written.</exception>
    public static void Write(string path, BenchResults results)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, file => file.Write(JsonSerializer.SerializeToUtf8Bytes(Json(results), _readable)));
    }

    private static JsonObject Json(BenchResults results) => new()
    {
        ["format"] = Format,
        ["version"] = Version,
        ["program"] = results.Program,
        ["started"] = results.Started,
        ["quick"] = results.Quick,
        ["machine"] = new JsonObject
        {
            ["cores"] = results.Machine.Cores,
            ["processor"] = results.Machine.Processor,
            ["system"] = results.Machine.System,
            ["dotnet"] = results.Machine.DotNet,
            ["libtorch"] = results.Machine.LibTorch,
            ["opencv"] = results.Machine.OpenCv,
        },
        ["parts"] = new JsonArray([.. results.Parts.Select(Json)]),
    };

    private static JsonObject Json(PartResult part) => new()
    {
        ["name"] = part.Name,
        ["setting"] = part.Setting,
        ["load_before"] = part.LoadBefore,
        ["load_after"] = part.LoadAfter,
        ["seconds"] = part.Seconds,
        ["figures"] = new JsonArray([.. part.Figures.Select(Json)]),
    };

    private static JsonObject Json(Figure figure) => new()
    {
        ["name"] = figure.Name,
        ["median"] = figure.Median,
        ["fastest"] = figure.Fastest,
        ["unit"] = figure.Unit,
        ["rounds"] = figure.Rounds,
        ["kind"] = Word(figure.Kind),
        ["better"] = Word(figure.Better),
        ["target"] = figure.Target,
        ["met"] = figure.Met,
    };

    /// <summary>A value of an enumeration as it stands in the file.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => $"{value}".ToLowerInvariant();
}
