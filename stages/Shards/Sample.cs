using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>One sample as it lies in a shard: encoded bytes, nothing decoded yet.</summary>
/// <param name="ImageName">File name of the image within its shard, such as <c>0001.jpg</c>.</param>
/// <param name="Image">Encoded image.</param>
/// <param name="Label">Encoded label map of the same sample, if there is one.</param>
/// <param name="Json">Metadata of the same sample, UTF-8, if there is any.</param>
public sealed record Sample(Origin Origin, string ImageName, byte[] Image, byte[]? Label = null, byte[]? Json = null);
