using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Rivals;

/// <summary>The last batches of a training, in 8 bits a value. Owns its tensors.</summary>
/// <param name="most">Batches kept, 1 or more.</param>
internal sealed class RecentBatches(int most) : IDisposable
{
    private readonly List<RecentBatch> _batches = [];

    /// <summary>From the oldest to the newest.</summary>
    public IReadOnlyCollection<RecentBatch> All => _batches;

    /// <summary>The one that came last; null where there is none.</summary>
    public RecentBatch? Newest => _batches.Count == 0 ? null : _batches[^1];

    /// <summary>Lets go of the newest, unless it is this one. What gave way to it does not come back: it would to the next one, too.</summary>
    public void ForgetAfter(RecentBatch? newest)
    {
        if (Newest is { } last && !ReferenceEquals(last, newest))
        {
            last.Dispose();
            _batches.RemoveAt(_batches.Count - 1);
        }
    }

    /// <summary>Keeps a copy of a batch and returns it; forgets the oldest where there are too many.</summary>
    public RecentBatch Add(ImageBatch batch)
    {
        if (_batches.Count == most)
        {
            _batches[0].Dispose();
            _batches.RemoveAt(0);
        }

        var kept = RecentBatch.Of(batch);
        _batches.Add(kept);
        return kept;
    }

    public void Carry(StateArchive state)
    {
        var count = state.Value("count", _batches.Count);
        var kept = _batches.ToArray();
        if (state.Loading)
        {
            Dispose();
            _batches.Clear();
        }

        for (var i = 0; i < count; i++)
        {
            var batch = RecentBatch.Carry(state.Within($"{i}"), state.Loading ? null : kept[i]);
            if (state.Loading)
            {
                _batches.Add(batch);
            }
        }
    }

    public void Dispose()
    {
        foreach (var batch in _batches)
        {
            batch.Dispose();
        }
    }
}

/// <summary>One of them.</summary>
internal sealed class RecentBatch : IDisposable
{
    private readonly Tensor _pixels;
    private readonly Tensor _superpixels;

    private RecentBatch(Tensor pixels, Tensor superpixels, int count) => (_pixels, _superpixels, Count) = (pixels, superpixels, count);

    /// <summary>Superpixels of all its images.</summary>
    public int Count { get; }

    /// <summary>The cluster each superpixel was last trained towards; negative before that.</summary>
    public IReadOnlyList<int> Clusters { get => field ?? [.. Enumerable.Repeat(-1, Count)]; set; }

    /// <param name="batch">Borrowed; its pixels are whole numbers of 255ths, so that nothing is lost.</param>
    public static RecentBatch Of(ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        return new RecentBatch(
            (batch.Pixels * 255).round().to(ScalarType.Byte).DetachFromDisposeScope(),
            batch.Superpixels.to(ScalarType.Int32).DetachFromDisposeScope(),
            batch.SuperpixelCount);
    }

    /// <param name="now">What to save; null while loading.</param>
    public static RecentBatch Carry(StateArchive state, RecentBatch? now)
    {
        using var scope = NewDisposeScope();
        var (pixels, superpixels, count) = state.Value("shape", (now?._pixels.shape ?? [], now?._superpixels.shape ?? [], now?.Count ?? 0));
        now ??= new RecentBatch(
            zeros(pixels, ScalarType.Byte).DetachFromDisposeScope(), zeros(superpixels, ScalarType.Int32).DetachFromDisposeScope(), count);
        state.Tensor("pixels", now._pixels);
        state.Tensor("superpixels", now._superpixels);
        now.Clusters = state.Numbers<int>("clusters", [.. now.Clusters]);
        return now;
    }

    /// <summary><c>[N, C, H, W]</c>, float32, 0 to 1; the caller owns it.</summary>
    public Tensor Images(Device device) => _pixels.to(device).to(ScalarType.Float32) / 255;

    /// <summary>The caller owns its tensors.</summary>
    public SuperpixelPooling Pooling(Device device) => SuperpixelPooling.Over(_superpixels.to(device).to(ScalarType.Int64), Count);

    public void Dispose()
    {
        _pixels.Dispose();
        _superpixels.Dispose();
    }
}
