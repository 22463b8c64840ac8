using System.Text.Json;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Stages.Learning;

/// <summary><c>checkpoints/selected.json</c>: the snapshots of a training, and which of them is chosen without labels.</summary>
/// <param name="LabelFree">Name of the chosen snapshot.</param>
/// <param name="Rule">How it was chosen, in words.</param>
/// <param name="Snapshots">In order of their steps; the last one is the model that the flow ended with.</param>
public sealed record Selection(string Format, string LabelFree, string Rule, IReadOnlyList<SnapshotFigures> Snapshots)
{
    public const string FileName = "selected.json";
    private const string Known = "inmars.selection.1";
    private const string Last = "last";
    private const string Chosen = "label_free";

    private static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };

    /// <param name="snapshots">At least one, in order of their steps.</param>
    public static Selection Of(IReadOnlyList<SnapshotFigures> snapshots) =>
        new(Known, LabelFreeChoice.Of(snapshots).Name, LabelFreeChoice.Rule, snapshots);

    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public void Save(string path) => AtomicFile.Write(path, file => JsonSerializer.Serialize(file, this, Json));

    /// <param name="folder">Of the checkpoints.</param>
    /// <exception cref="RunException">The file is not there, or is not what <see cref="Save"/> writes.</exception>
    public static Selection Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var selection = JsonSerializer.Deserialize<Selection>(File.ReadAllBytes(path), Json);
            return Flaw(selection) is { } flaw ? throw new RunException($"'{path}' does not describe snapshots: {flaw}") : selection!;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunException($"there is no '{path}', which a learner writes where its option snapshots is above 0", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read '{path}': {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new RunException($"'{path}' does not describe snapshots: {e.Message}", e);
        }
    }

    /// <summary>The weights that a user means by a model and a word.</summary>
    /// <param name="model">The .safetensors file of the model.</param>
    /// <param name="checkpoint"><c>last</c>, <c>label_free</c>, or a file: in the model's folder, or wherever it says.</param>
    /// <exception cref="RunException">There are none.</exception>
    public static string Weights(string model, string checkpoint)
    {
        var folder = Path.GetDirectoryName(model) ?? "";
        var places = checkpoint switch
        {
            Last => [model],
            Chosen => [Path.Combine(folder, Load(folder).LabelFree)],
            _ => new[] { Path.Combine(folder, checkpoint), checkpoint },
        };
        return places.FirstOrDefault(File.Exists) ?? throw new RunException(
            $"no weights found at {string.Join(" or ", places.Distinct().Select(p => $"'{p}'"))}; expected {Last}, {Chosen} or a .safetensors file of '{folder}'");
    }

    private static string? Flaw(Selection? selection) => selection switch
    {
        null or { Format: not Known } => $"its format is '{selection?.Format}', expected '{Known}'",
        { Snapshots: [] } => "it lists no snapshots",
        _ when selection.Snapshots.FirstOrDefault(s => Path.GetFileName(s.Name) != s.Name) is { } astray => $"'{astray.Name}' is no name of a file",
        _ when selection.Snapshots.All(s => s.Name != selection.LabelFree) => $"it chooses '{selection.LabelFree}', which it does not list",
        _ => null,
    };
}
