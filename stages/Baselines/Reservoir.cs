using System.Runtime.InteropServices;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Baselines;

/// <summary>A fair sample of points of unknown number, in bounded memory.</summary>
/// <remarks>Algorithm R, Vitter 1985. The same points in the same order give the same sample.</remarks>
internal sealed class Reservoir(int most, int dimensions, int seed)
{
    private readonly SplitMix64 _random = new((ulong)seed);
    private readonly List<float> _values = [];
    private readonly List<float> _weights = [];

    /// <summary>Points seen.</summary>
    public long Seen { get; private set; }

    public WeightedPoints Points => new([.. _values], [.. _weights], dimensions);

    public void Carry(StateArchive state)
    {
        Seen = state.Value("seen", Seen);
        _random.State = state.Value("random", _random.State);
        Carry(state, "values", _values);
        Carry(state, "weights", _weights);
    }

    private static void Carry(StateArchive state, string name, List<float> list)
    {
        var values = state.Numbers<float>(name, CollectionsMarshal.AsSpan(list));
        list.Clear();
        list.AddRange(values);
    }

    public void Add(ReadOnlySpan<float> point, float weight)
    {
        Seen++;
        if (_weights.Count < most)
        {
            _values.AddRange(point);
            _weights.Add(weight);
        }
        else if (_random.Below(Seen) is var place && place < most)
        {
            for (var d = 0; d < dimensions; d++)
            {
                _values[(int)place * dimensions + d] = point[d];
            }

            _weights[(int)place] = weight;
        }
    }
}
