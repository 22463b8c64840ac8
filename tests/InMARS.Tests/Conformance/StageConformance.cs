using InMARS.Pipeline.Stages;

namespace InMARS.Tests.Conformance;

/// <summary>
/// What the graph asks of a stage that turns one item into one or several, tried from outside. To use it on a stage of your own,
/// copy this folder and <c>Support/TestHost.cs</c> into your tests.
/// </summary>
/// <remarks>
/// Empty, corrupt and huge items are outputs or faults, never exceptions. Inputs are left as they were and disposed by nobody but the
/// graph, also in a run that is interrupted. Outputs come in the order of the inputs, books and bytes balance. What
/// comes of an item depends on the item and its seed, not on what came before it, nor on what is in hand beside it.
/// </remarks>
public static class StageConformance
{
    /// <summary>Tries a stage.</summary>
    /// <returns>What it does wrong, each once; nothing where all is well.</returns>
    public static async Task<IReadOnlyList<string>> CheckAsync<TIn, TOut>(StageCase<TIn, TOut> stage)
    {
        var one = await new Trial<TIn, TOut>(stage).RunAsync(new FlowOptions(1, 1));
        if (one.Complaints.Count > 0)
        {
            return [.. one.Complaints.Distinct()];
        }

        var wrong = new List<string>();
        var wide = await new Trial<TIn, TOut>(stage).RunAsync(new FlowOptions(4, 8));
        wrong.AddRange([.. wide.Complaints, .. Differences(one.Answers, wide.Answers, "with four items in hand")]);
        var timed = await new Trial<TIn, TOut>(stage).RunAsync(new FlowOptions(4, 8) { ItemTimeoutSeconds = 3600 });
        wrong.AddRange([.. timed.Complaints, .. Differences(one.Answers, timed.Answers, "under a time limit, on threads of their own")]);
        for (var from = 1; from < stage.Items.Count; from++)
        {
            var part = await new Trial<TIn, TOut>(stage).RunAsync(new FlowOptions(1, 1), from);
            wrong.AddRange([.. part.Complaints, .. Differences([.. one.Answers.Skip(from)], part.Answers, "without the items before it")]);
            var interrupted = await new Trial<TIn, TOut>(stage).RunAsync(new FlowOptions(2, 4), interruptAt: from);
            wrong.AddRange(interrupted.Complaints.Select(complaint => $"{complaint} (when interrupted)"));
        }

        return [.. wrong.Distinct()];
    }

    private static IEnumerable<string> Differences(IReadOnlyList<string> expected, IReadOnlyList<string> found, string when) =>
        expected.Zip(found).Any(pair => pair.First != pair.Second) ? [$"makes something else of an item {when}"] : [];
}
