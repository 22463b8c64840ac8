using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;

namespace InMARS.Fuzz;

/// <summary>Whole checkpoints: of a run between two flows, and of one within a flow.</summary>
internal static class SavedStates
{
    public static IReadOnlyList<byte[]> Files { get; } = [.. Make()];

    private static IEnumerable<byte[]> Make()
    {
        var flow = StateArchive.Save();
        flow.Value("books/read", 7L);
        flow.Numbers("learn/weights", (ReadOnlySpan<float>)[1, 2, 3]);
        var between = new SavedState(["train"], [], Rejected: 2, RejectsBytes: 300, Flow: null);
        SavedState[] states = [between, between with { Flow = new FlowState("predict", new Cursor(1, 40), flow.Entries), Quarantine = flow.Entries }];
        using var scratch = new ScratchFile();
        foreach (var state in states)
        {
            var path = scratch.With("c.checkpoint", []);
            CheckpointFile.Write(path, state.Entries());
            yield return File.ReadAllBytes(path);
        }
    }
}
