namespace InMARS.Pipeline.Stages;

/// <summary>What an item of a source was made of, to be read again when a stage refuses it. Holds places, not bytes.</summary>
/// <param name="Place">What tells the item from others of the same origin, the same in every epoch and every run.</param>
/// <param name="Offset">Byte of the shard at which the first of its files begins; null where the shard is compressed, or there is none.</param>
/// <param name="Read">Reads its files; what cannot be read is told in the note.</param>
public sealed record Original(string Place, long? Offset, Func<OriginalItem> Read);

/// <summary>The files of an item as they came.</summary>
/// <param name="Note">Why some of it is missing; null where all of it is there.</param>
public sealed record OriginalItem(IReadOnlyList<OriginalFile> Files, string? Note);

/// <summary>One file of an item.</summary>
/// <param name="Extension">What stands behind the key and a dot.</param>
public readonly record struct OriginalFile(string Extension, byte[] Bytes);
