using System.Runtime.CompilerServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>How the sources of this folder hand over their items.</summary>
internal static class Emission
{
    /// <summary>Passes over the items before the cursor, in the order they would have had, and loads the others one at a time.</summary>
    /// <remarks>Reading files blocks, so the first item already comes from a thread of the pool.</remarks>
    public static async IAsyncEnumerable<Sourced<TValue>> From<TItem, TValue>(
        IEnumerable<TItem> items, Cursor from, Func<TItem, Sourced<TValue>> load, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var position = 0L;
        foreach (var item in items)
        {
            stop.ThrowIfCancellationRequested();
            if (position++ >= from.Position)
            {
                yield return load(item);
            }
        }
    }

    /// <param name="original">How it is read again.</param>
    /// <param name="arrays">What its arrays were rented from.</param>
    public static Sourced<Sample> Sized(Result<Sample> sample, Origin origin, Original? original = null, ItemArrays? arrays = null) =>
        new(sample, origin, sample.Match(s => SampleSize.OfImage(s.Image.Span), _ => 0)) { Original = original, Arrays = arrays };
}
