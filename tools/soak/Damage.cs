using System.Text;
using InMARS.Stages.Reports;
using InMARS.Stages.Shards;

namespace InMARS.Soak;

/// <summary>One way to damage an item.</summary>
/// <param name="Stage">The stage that must refuse it.</param>
/// <param name="Code">The code of its fault.</param>
/// <param name="InPairs">Whether whoever looks for its labels meets it as well.</param>
/// <param name="Apply">Makes the parts of a damaged item of those of a whole one: the image, then its labels.</param>
internal sealed record Damage(string Stage, string Code, bool InPairs, Func<ShardPart[], ShardPart[]> Apply)
{
    private const int OtherEdge = 16;
    private const byte UnknownId = 77;

    public static IReadOnlyList<Damage> All { get; } =
    [
        new("image.decode", "image.decode", false, parts => [parts[0] with { Bytes = parts[0].Bytes[..(parts[0].Bytes.Length / 2)] }, parts[1]]),
        new("image.decode", "image.format", false, parts => [parts[0] with { Bytes = Encoding.ASCII.GetBytes("This is no image.\n") }, parts[1]]),
        new("shard.read", "shard.empty_file", true, parts => [parts[0] with { Bytes = default }, parts[1]]),
        new("image.decode", "label.size", false, parts => [parts[0], parts[1] with { Bytes = Png.Grey8(OtherEdge, OtherEdge, new byte[OtherEdge * OtherEdge]) }]),
        new("image.decode", "label.unknown_id", false, parts => [parts[0], parts[1] with { Bytes = AllOf(UnknownId) }]),
    ];

    private static byte[] AllOf(byte id)
    {
        var ids = new byte[NightShards.Width * NightShards.Height];
        Array.Fill(ids, id);
        return Png.Grey8(NightShards.Height, NightShards.Width, ids);
    }
}
