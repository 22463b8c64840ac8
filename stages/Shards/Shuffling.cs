namespace InMARS.Stages.Shards;

/// <summary>Seeded orders: a whole permutation where the items are known, a buffer where they stream by.</summary>
internal static class Shuffling
{
    /// <summary>All items in a random order (Fisher-Yates).</summary>
    public static IReadOnlyList<T> Permuted<T>(IReadOnlyList<T> items, SplitMix64 random)
    {
        var order = items.ToArray();
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>
    /// All items, each drawn at random from those in a buffer of <paramref name="size"/> that the stream refills.
    /// Which position of the stream comes out when depends on the generator and on the number of items only.
    /// </summary>
    public static IEnumerable<T> ThroughBuffer<T>(IEnumerable<T> items, int size, SplitMix64 random)
    {
        var buffer = new List<T>(size);
        foreach (var item in items)
        {
            if (buffer.Count < size)
            {
                buffer.Add(item);
                continue;
            }

            var at = random.Below(size);
            yield return buffer[at];
            buffer[at] = item;
        }

        while (buffer.Count > 0)
        {
            var at = random.Below(buffer.Count);
            yield return buffer[at];
            buffer[at] = buffer[^1];
            buffer.RemoveAt(buffer.Count - 1);
        }
    }
}
