namespace InMARS.Stages.Baselines;

/// <summary>A fair sample of points of unknown number, in bounded memory.</summary>
/// <remarks>Algorithm R, Vitter 1985. The same points in the same order give the same sample.</remarks>
internal sealed class Reservoir(int most, int dimensions, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<float> _values = [];
    private readonly List<float> _weights = [];

    /// <summary>Points seen.</summary>
    public long Seen { get; private set; }

    public WeightedPoints Points => new([.. _values], [.. _weights], dimensions);

    public void Add(ReadOnlySpan<float> point, float weight)
    {
        Seen++;
        if (_weights.Count < most)
        {
            _values.AddRange(point);
            _weights.Add(weight);
        }
        else if (_random.NextInt64(Seen) is var place && place < most)
        {
            for (var d = 0; d < dimensions; d++)
            {
                _values[(int)place * dimensions + d] = point[d];
            }

            _weights[(int)place] = weight;
        }
    }
}
