namespace InMARS.Stages.Superpixels.Simd;

/// <summary>Joins components that are too small, or too many, to the neighbour of the most similar cluster, the smaller ones first.</summary>
/// <param name="scratch">Room for as many components as there are runs.</param>
/// <param name="queues">The first component of each size, up to the mean size, beyond which nothing is joined.</param>
internal readonly ref struct Merging(Regions regions, Clusters clusters, Span<int> scratch, Span<int> queues)
{
    private readonly Regions _regions = regions;
    private readonly Clusters _clusters = clusters;
    private readonly Span<int> _components = scratch;
    private readonly Span<int> _queues = queues;

    /// <summary>
    /// Joins until there are at most <paramref name="most"/> and none is smaller than <paramref name="least"/> pixels; a small
    /// one may stay where fewer than 96 in 100 of <paramref name="most"/> would be left.
    /// </summary>
    /// <remarks>
    /// Specks, most of all components, go first and in raster order, so that neighbours in the image are neighbours in
    /// memory; then one after the other by size.
    /// </remarks>
    public void Join(int most, int least)
    {
        var count = 0;
        for (var run = 0; run < _regions.Count; run++)
        {
            if (_regions[run].Parent == run)
            {
                _components[count++] = run;
            }
        }

        var left = JoinBelow(Math.Min(3, least), _components[..count]);
        left = JoinBelow(Math.Min(12, least), left);
        JoinSmallest(most, least, left);
    }

    /// <summary>Numbers the components by first occurrence and writes the numbers as labels.</summary>
    /// <returns>How many there are.</returns>
    public int Number(Span<int> labels)
    {
        var count = 0;
        for (var run = 0; run < _regions.Count; run++)
        {
            ref var root = ref _regions[_regions.Root(run)];
            root.Label = root.Size > 0 ? count++ : root.Label;
            root.Size = 0;
            labels[_regions[run].Start.._regions[run + 1].Start].Fill(root.Label);
        }

        return count;
    }

    private Span<int> JoinBelow(int size, Span<int> components)
    {
        var left = 0;
        foreach (var component in components)
        {
            if (_regions[component].Parent == component && (_regions[component].Size >= size || !Join(component)))
            {
                components[left++] = component;
            }
        }

        return components[..left];
    }

    /// <summary>Joining only makes larger ones, so the queues are passed once, upwards.</summary>
    private void JoinSmallest(int most, int least, ReadOnlySpan<int> components)
    {
        _queues.Fill(-1);
        var count = 0;
        var fewest = most - (most / 25);
        for (var i = components.Length - 1; i >= 0; i--)
        {
            if (_regions[components[i]].Parent == components[i])
            {
                count++;
                Queue(components[i]);
            }
        }

        for (var size = 1; size < _queues.Length && ((size < least && count > fewest) || count > most); size++)
        {
            while (_queues[size] >= 0 && ((size < least && count > fewest) || count > most))
            {
                var component = _queues[size];
                _queues[size] = _regions[component].Behind;
                count -= JoinOrQueue(component, size) ? 1 : 0;
            }
        }
    }

    private void Queue(int component)
    {
        ref var run = ref _regions[component];
        if (run.Size < _queues.Length)
        {
            (run.Behind, _queues[run.Size]) = (_queues[run.Size], component);
        }
    }

    /// <summary>A component that grew while it waited waits again.</summary>
    private bool JoinOrQueue(int component, int size)
    {
        if (_regions[component].Parent != component)
        {
            return false;
        }

        if (_regions[component].Size > size)
        {
            Queue(component);
            return false;
        }

        return Join(component);
    }

    /// <returns>False where the component has no neighbour, because it is the whole image.</returns>
    private bool Join(int component)
    {
        var best = (Component: -1, Distance: int.MaxValue);
        var run = component;
        do
        {
            best = MoreAlike(best, _regions.Above(run), component);
            best = MoreAlike(best, _regions.Beside(run), component);
            best = MoreAlike(best, _regions.Below(run), component);
            run = _regions[run].Next;
        }
        while (run != component);
        if (best.Component >= 0)
        {
            _regions.Merge(component, best.Component);
        }

        return best.Component >= 0;
    }

    private (int Component, int Distance) MoreAlike((int Component, int Distance) best, (int First, int End) runs, int component)
    {
        var own = _clusters.Colours.Slice(_regions[component].Label * Clusters.Values, Clusters.Values);
        for (var run = runs.First; run < runs.End; run++)
        {
            var other = _regions.Root(run);
            if (other != component && other != best.Component)
            {
                var colour = _clusters.Colours.Slice(_regions[other].Label * Clusters.Values, Clusters.Values);
                var (l, a, b, infrared) = (own[0] - colour[0], own[1] - colour[1], own[2] - colour[2], own[3] - colour[3]);
                var distance = (l * l) + (a * a) + (b * b) + (infrared * infrared);
                best = distance < best.Distance ? (other, distance) : best;
            }
        }

        return best;
    }
}
