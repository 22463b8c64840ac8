using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// Whether the images of a set have an up, from the first of them and without labels: how much of the light of an image is told by
/// what other images have at the same height.
/// </summary>
/// <remarks>
/// Each image gives the means of its rows, in bands and less the mean of the image. The mean product of two different images' means
/// is free of what an image has by chance; over the mean variance within images it is a share, 0 where nothing lies at
/// a height of its own. Measured: 0.3 to 0.4 on street scenes, 0.00 on scenes at any angle.
/// </remarks>
internal sealed class Uprightness
{
    /// <summary>Images that are enough to tell.</summary>
    public const int Enough = 32;

    /// <summary>Share from which on there is an up.</summary>
    public const double Least = 0.1;

    private const int Fewest = 4;
    private const int Bands = 16;
    private readonly double[] _sum = new double[Bands];
    private double _squares;
    private double _variances;
    private int _images;

    /// <summary>Whether there is an up; null as long as too few images were seen.</summary>
    public bool? IsUpright { get; private set; }

    /// <summary>The share, 0 for fewer than two images; may be a little below 0.</summary>
    public double Share => _images < 2 || _variances <= 0
        ? 0
        : (_sum.Sum(s => s * s) - _squares) / Bands / (_images - 1) / _variances;

    /// <summary>Takes note of images, as long as it is not told and they are new ones.</summary>
    /// <param name="epoch">Pass over the source, from 0; what comes in later ones was seen before.</param>
    public void See(ImageBatch batch, int epoch)
    {
        if (IsUpright is not null)
        {
            return;
        }

        if (epoch == 0)
        {
            Add(batch.Pixels);
        }

        if (_images >= Enough || (epoch > 0 && _images >= Fewest))
        {
            IsUpright = Share >= Least;
        }
    }

    public void Carry(StateArchive state)
    {
        (_squares, _variances, _images) = state.Value("sums", (_squares, _variances, _images));
        state.Numbers<double>("sum", _sum).CopyTo(_sum, 0);
        IsUpright = state.Value("upright", IsUpright);
    }

    private void Add(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var grey = pixels.to(ScalarType.Float64).mean([1], keepdim: true);
        var level = grey - grey.mean([2, 3], keepdim: true);
        var rows = nn.functional.adaptive_avg_pool2d(level, [Bands, 1]).flatten(1);
        var sums = rows.sum(dim: 0).cpu().data<double>().ToArray();
        for (var i = 0; i < Bands; i++)
        {
            _sum[i] += sums[i];
        }

        _squares += rows.square().sum().item<double>();
        _variances += level.square().mean([1, 2, 3]).sum().item<double>();
        _images += (int)pixels.shape[0];
    }
}
