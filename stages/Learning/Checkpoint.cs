using InMARS.Pipeline.Outcomes;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>A trained model on disk: weights as safetensors, and a JSON file that says what they are.</summary>
public static class Checkpoint
{
    public const string FileName = "model.safetensors";
    private const string Folder = "checkpoints";

    /// <summary>Writes weights and card, the card last: a reader that finds it finds the weights too.</summary>
    /// <param name="path">Of the weights; the card gets the same name with <c>.json</c>.</param>
    /// <param name="state">Borrowed.</param>
    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public static void Save(string path, IReadOnlyList<(string Name, Tensor Value)> state, ModelCard card)
    {
        Safetensors.Write(path, [.. state.Select(s => ToArray(s.Name, s.Value))]);
        card.Save(CardPath(path));
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">Of the weights, as <see cref="Resolve"/> gives it.</param>
    /// <returns>The network; the caller owns it.</returns>
    /// <exception cref="RunException">A file is missing or damaged, or its tensors are not those of the network it describes.</exception>
    public static Segmenter Load(string path, Device device)
    {
        var card = ModelCard.Load(CardPath(path));
        var arrays = Safetensors.Read(path).ToDictionary(a => a.Name);
        var network = new Segmenter(card.Network, card.Clusters, card.Overclusters, 0, device, heads: card.Merged is null ? 1 : 0) { Merged = card.Merged, Upright = card.Upright };
        try
        {
            Fill(network, arrays, path);
            return network;
        }
        catch (RunException)
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The weights a user means by a run directory, a checkpoint folder or a file.</summary>
    /// <exception cref="RunException">There are none; the message says where they were looked for.</exception>
    public static string Resolve(string path)
    {
        string[] places = path.EndsWith(".safetensors", StringComparison.Ordinal)
            ? [path]
            : [Path.Combine(path, FileName), Path.Combine(path, Folder, FileName)];
        return places.FirstOrDefault(File.Exists)
            ?? throw new RunException($"no model found at {string.Join(" or ", places.Select(p => $"'{p}'"))}");
    }

    private static string CardPath(string path) => Path.ChangeExtension(path, ".json");

    private static NamedArray ToArray(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        return new NamedArray(name, value.shape, value.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray());
    }

    private static void Fill(Segmenter network, Dictionary<string, NamedArray> arrays, string path)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, value) in network.State)
        {
            if (!arrays.Remove(name, out var array))
            {
                throw new RunException($"'{path}': tensor '{name}' of shape [{string.Join(", ", value.shape)}] is missing");
            }

            if (!array.Shape.SequenceEqual(value.shape))
            {
                throw new RunException($"'{path}': tensor '{name}' has shape {array.ShapeText}, expected [{string.Join(", ", value.shape)}]");
            }

            if (Array.Exists(array.Values, v => !float.IsFinite(v)))
            {
                throw new RunException($"'{path}': tensor '{name}' holds values that are not finite numbers");
            }

            value.copy_(tensor(array.Values).view(value.shape));
        }

        if (arrays.Count > 0)
        {
            throw new RunException($"'{path}': tensor '{arrays.Keys.First()}' belongs to no layer of the network that its card describes");
        }
    }
}
