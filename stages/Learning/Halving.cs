using System.Runtime.InteropServices;

namespace InMARS.Stages.Learning;

/// <summary>Work on items that do not depend on each other, in as few pieces as memory bears.</summary>
internal static class Halving
{
    /// <param name="items">At least one.</param>
    /// <param name="work">Gives one result an item.</param>
    /// <param name="ranOut">Told of each piece that there was no memory for; throws where it is one item.</param>
    /// <returns>The results in the order of the items.</returns>
    public static TResult[] Of<TItem, TResult>(TItem[] items, Func<TItem[], TResult[]> work, Action<TItem[], ExternalException> ranOut)
    {
        try
        {
            return work(items);
        }
        catch (ExternalException e) when (NativeFailures.IsOutOfMemory(e))
        {
            ranOut(items, e);
        }

        var half = items.Length / 2;
        return [.. Of(items[..half], work, ranOut), .. Of(items[half..], work, ranOut)];
    }
}
