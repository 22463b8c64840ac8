using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>One sample as it lies in a shard: encoded bytes, nothing decoded yet.</summary>
/// <param name="ImageName">File name of the image within its shard, such as <c>0001.jpg</c>.</param>
/// <param name="Image">Encoded image.</param>
/// <param name="Label">Encoded label map of the same sample, if there is one.</param>
/// <param name="Json">Metadata of the same sample, UTF-8, if there is any.</param>
public sealed record Sample(
    Origin Origin, string ImageName, ReadOnlyMemory<byte> Image, ReadOnlyMemory<byte>? Label = null, ReadOnlyMemory<byte>? Json = null)
{
    /// <summary>A sample out of arrays of its own; null where it has none of a kind.</summary>
    public Sample(Origin origin, string imageName, byte[] image, byte[]? label = null, byte[]? json = null)
        : this(origin, imageName, (ReadOnlyMemory<byte>)image, Of(label), Of(json))
    {
    }

    private static ReadOnlyMemory<byte>? Of(byte[]? file) => file is null ? default(ReadOnlyMemory<byte>?) : (ReadOnlyMemory<byte>)file;
}
