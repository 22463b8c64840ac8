using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Learning;

/// <summary>
/// Work of the tensor library that failed without a reason in the work itself, and is done once more.
/// </summary>
/// <remarks>
/// TorchSharp 0.107 lets the garbage collector take numbers that it was handed while native code still reads them (its
/// pull requests 1434 and 1496); once in some ten thousand steps a call then fails with <c>Expected false to be true</c> or
/// <c>Unknown scalar type</c>. It is told in the log only: what a run gives does not tell whether it struck.
/// </remarks>
internal sealed class NativeFailures(IStageContext context)
{
    // What torch's allocators and the CUDA libraries say.
    private static readonly string[] NoRoom = ["out of memory", "can't allocate memory", "not enough memory", "STATUS_ALLOC_FAILED"];

    public static bool IsOutOfMemory(ExternalException e) => NoRoom.Any(text => e.Message.Contains(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>Does work that leaves nothing behind where it fails; where the tensor library fails in it, once more.</summary>
    /// <exception cref="ExternalException">It failed again, or there is no memory.</exception>
    public T Tried<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException e) when (!IsOutOfMemory(e))
        {
            var reason = e.Message.Split('\n')[0];
            context.Log("warning", $"{context.Stage}: the tensor library failed ({reason}); the step is done again", new JsonObject { ["reason"] = reason });
            return work();
        }
    }
}
