using InMARS.Stages.Reports;
using InMARS.Stages.Shards;
using InMARS.Stages.Synthesis;

namespace InMARS.Soak;

/// <summary>An item that must be rejected in every pass.</summary>
/// <param name="Damage">What was done to it, and so where and why it must be rejected.</param>
internal sealed record Damaged(string Shard, string Key, Damage Damage)
{
    /// <summary>The reject in a flow, as <see cref="Books"/> reads it.</summary>
    public string In(string flow, int epoch, string? stage = null) => $"{flow} {epoch} {Shard} {Key} {stage ?? Damage.Stage} {Damage.Code}";
}

/// <summary>Synthetic shards of which 2 % of the items are damaged in known ways.</summary>
internal static class NightShards
{
    public const int Width = 96;
    public const int Height = 72;

    private const double Share = 0.02;

    /// <summary>Writes the shards.</summary>
    /// <returns>What is damaged, in the order of the shards.</returns>
    public static IReadOnlyList<Damaged> Write(string folder, SoakOptions options)
    {
        var kinds = Kinds(options);
        var damaged = new List<Damaged>();
        for (var shard = 0; shard < options.Shards; shard++)
        {
            var path = Path.Combine(folder, $"night-{shard:D3}.tar");
            using var writer = ShardWriter.Create(path);
            for (var i = shard * options.PerShard; i < (shard + 1) * options.PerShard; i++)
            {
                var (key, parts) = ($"{i:D6}", Scene(options.Seed, i));
                if (kinds.TryGetValue(i, out var damage))
                {
                    damaged.Add(new Damaged(Path.GetFileName(path), key, damage));
                    parts = damage.Apply(parts);
                }

                _ = writer.Write(key, parts);
            }

            writer.Commit();
        }

        return damaged;
    }

    /// <summary>Which items are damaged how: every kind in turn, at random places.</summary>
    private static Dictionary<int, Damage> Kinds(SoakOptions options)
    {
        var places = Enumerable.Range(0, options.Images).ToArray();
        new Random(options.Seed).Shuffle(places);
        var count = (int)Math.Ceiling(Share * options.Images);
        return places.Take(count).Select((place, n) => (place, Damage: Damage.All[n % Damage.All.Count])).ToDictionary(p => p.place, p => p.Damage);
    }

    private static ShardPart[] Scene(int seed, int index)
    {
        var scene = SyntheticScenes.Make(unchecked(((ulong)seed * 1_000_003) + (ulong)index), new SceneOptions(Width, Height));
        return [new("png", Png.Rgb8(scene.Height, scene.Width, scene.Pixels)), new("label.png", Png.Grey8(scene.Height, scene.Width, scene.Classes))];
    }
}
