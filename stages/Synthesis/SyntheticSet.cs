namespace InMARS.Stages.Synthesis;

/// <summary>A set of synthetic scenes.</summary>
/// <param name="Count">Scenes in all.</param>
/// <param name="PerShard">Scenes in each shard but the last, 1 or more.</param>
public sealed record SyntheticSet(long Count, ulong Seed, SceneOptions Scenes, int PerShard = 100);
