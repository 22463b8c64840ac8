using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images;

/// <summary>Randomness of one item in one stage.</summary>
internal static class ItemRandom
{
    /// <summary>A generator that gives the same numbers for the same item, whatever thread it runs on.</summary>
    public static Random Of(ItemContext item) => new(unchecked((int)(item.Seed ^ (item.Seed >> 32))));
}
