using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Tensors in a checkpoint, bit for bit.</summary>
internal static class TensorState
{
    /// <summary>Saves the values of a tensor, or fills it with those that were saved.</summary>
    /// <param name="value">Borrowed; its shape and type stay.</param>
    /// <exception cref="RunException">What was saved is of another size.</exception>
    public static void Tensor(this StateArchive state, string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var here = value.detach().cpu().contiguous();
        var bytes = state.Numbers<byte>(name, state.Loading ? [] : here.bytes);
        if (!state.Loading)
        {
            return;
        }

        if (bytes.Length != here.bytes.Length)
        {
            throw new RunException($"the checkpoint's tensor '{name}' has {bytes.Length} bytes, expected {here.bytes.Length}: it was made with other options");
        }

        var saved = empty_like(here);
        saved.bytes = bytes;
        value.copy_(saved);
    }

    public static void Tensors(this StateArchive state, IEnumerable<(string Name, Tensor Value)> values)
    {
        foreach (var (name, value) in values)
        {
            state.Tensor(name, value);
        }
    }
}
