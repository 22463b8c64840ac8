using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>What a run was made with: enough to make it again.</summary>
internal static class Manifest
{
    public const string FileName = "manifest.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(RunDirectory directory, RunPlan plan, JsonObject facts, TimeProvider time)
    {
        var manifest = new JsonObject
        {
            ["name"] = plan.Settings.Name,
            ["started"] = time.GetUtcNow().ToString("O"),
            ["seed"] = plan.Settings.Seed,
            ["config_sha256"] = Hash(plan.Resolved),
            ["runtime"] = Environment.Version.ToString(),
            ["directory"] = Environment.CurrentDirectory,
            ["run_file"] = plan.Source?.File,
            ["overrides"] = plan.Source is { } source ? new JsonArray([.. source.Overrides.Select(o => JsonValue.Create(o))]) : null,
            ["host"] = Environment.MachineName,
            ["cores"] = Environment.ProcessorCount,
            ["inputs"] = new JsonObject(plan.Flows.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Inputs(f.Graph)))),
        };
        foreach (var (key, value) in facts)
        {
            manifest[key] = value?.DeepClone();
        }

        directory.Write(FileName, manifest.ToJsonString(Indented));
    }

    /// <summary>What a run that goes on is made with from now on, where that has changed: what it was stays in the list of what it went on without.</summary>
    public static void Renew(RunDirectory directory, RunPlan plan, RunOptions options)
    {
        var manifest = Read(directory);
        var frozen = directory.Text(RunDirectory.Mark);
        var program = (string?)manifest["inmars"];
        if (frozen == plan.Resolved && (program is null || program == options.Version))
        {
            return;
        }

        var accepted = manifest["accepted"]?.AsArray() ?? [];
        accepted.Add(new JsonObject
        {
            ["time"] = options.Time.GetUtcNow().ToString("O"),
            ["program_before"] = program,
            ["config_sha256_before"] = Hash(frozen),
            ["differences"] = new JsonArray([.. LineDifferences.Of(frozen, plan.Resolved).Select(d => JsonValue.Create(d))]),
        });
        (manifest["accepted"], manifest["inmars"], manifest["config_sha256"]) = (accepted, options.Version, Hash(plan.Resolved));
        directory.Write(FileName, manifest.ToJsonString(Indented));
        directory.Write(RunDirectory.Mark, plan.Resolved);
    }

    /// <exception cref="RunException">It is not there, or damaged.</exception>
    private static JsonObject Read(RunDirectory directory)
    {
        try
        {
            return JsonNode.Parse(directory.Text(FileName))?.AsObject() ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RunException($"'{directory.File(FileName)}' is damaged: {e.Message}", e);
        }
    }

    /// <summary>Number, size and hash of the files that a flow reads; those made by an earlier flow are not there yet.</summary>
    private static JsonObject Inputs(IGraph graph)
    {
        var there = InputFiles.Names(graph).Order(StringComparer.Ordinal).Select(f => new FileInfo(f)).Where(f => f.Exists).ToList();
        return new JsonObject
        {
            ["files"] = there.Count,
            ["bytes"] = there.Sum(f => f.Length),
            ["index_sha256"] = Hash(string.Join('\n', there.Select(f => $"{f.Name}\t{f.Length}"))),
        };
    }

    /// <summary>SHA-256 of the text, hexadecimal.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
