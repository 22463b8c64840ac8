using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Runs;

/// <summary>The order of the source, and a full order of what several stages say of one item.</summary>
internal sealed class RejectOrder : IComparer<Reject>
{
    public static RejectOrder Instance { get; } = new();

    public int Compare(Reject? x, Reject? y)
    {
        var places = Place(x!).CompareTo(Place(y!));
        return places != 0 ? places : Words(x!).Zip(Words(y!), string.CompareOrdinal).FirstOrDefault(order => order != 0);
    }

    private static (int Epoch, long Index) Place(Reject reject) => (reject.Epoch, reject.Index);

    private static string[] Words(Reject reject) =>
        [reject.Origin.Shard, reject.Origin.Key, reject.Stage, reject.Fault.Code, reject.Fault.Message];
}
