using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;

namespace InMARS.Stages.Superpixels;

/// <summary>Cuts images, or finds them cut, and tells at its end how often it found them.</summary>
/// <param name="cache">Null to cut every time.</param>
public sealed class SlicCutter(SlicOptions options, SuperpixelCache? cache, IStageContext context) : IDisposable
{
    private long _hits;
    private long _misses;

    /// <summary>As <see cref="Slic.Cut"/>, with the same result whether the cache has it or not. Safe to call from several threads.</summary>
    public Result<SuperpixelMap> Cut(RgbImage image, ItemContext item = default)
    {
        if (cache is null)
        {
            return Slic.Cut(image, options, item);
        }

        var key = SuperpixelCache.Key(image, options);
        if (cache.Find(key, image, item) is { } found)
        {
            Interlocked.Increment(ref _hits);
            return found;
        }

        Interlocked.Increment(ref _misses);
        var cut = Slic.Cut(image, options, item);
        if (cut is Result<SuperpixelMap>.Ok(var map))
        {
            cache.Keep(key, map, item);
        }

        return cut;
    }

    /// <summary>Reports the hit rate.</summary>
    public void Dispose()
    {
        if (cache is null || _hits + _misses == 0)
        {
            return;
        }

        var data = new JsonObject { ["hits"] = _hits, ["misses"] = _misses, ["bytes"] = cache.Bytes };
        var trouble = cache.Trouble is { } reason ? $"; writing to it stopped: {reason}" : "";
        context.Log("superpixel.cache", $"superpixel cache: {100.0 * _hits / (_hits + _misses):0} % hits ({_hits} of {_hits + _misses}){trouble}", data);
    }
}
