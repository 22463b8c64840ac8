using InMARS.Stages.Batching;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>
/// The default training step of the learner written straight down in TorchSharp calls: the yardstick for what our own
/// structure costs. Same network, same passes, same loss; nothing of ours is called.
/// </summary>
internal sealed class PlainStep : IDisposable
{
    private readonly Module<Tensor, Tensor> _network = Sequential(
        ("c0", Conv2d(5, 16, 3, padding: 1, padding_mode: PaddingModes.Reflect, bias: false)), ("b0", BatchNorm2d(16)), ("r0", ReLU()),
        ("c1", Conv2d(16, 32, 3, padding: 1, padding_mode: PaddingModes.Reflect, bias: false)), ("b1", BatchNorm2d(32)), ("r1", ReLU()), ("p1", MaxPool2d(2)),
        ("c2", Conv2d(32, 64, 3, padding: 1, padding_mode: PaddingModes.Reflect, bias: false)), ("b2", BatchNorm2d(64)), ("r2", ReLU()),
        ("c3", Conv2d(64, 64, 3, padding: 1, padding_mode: PaddingModes.Reflect, bias: false)), ("b3", BatchNorm2d(64)), ("r3", ReLU()), ("p3", MaxPool2d(2)),
        ("c4", Conv2d(64, 128, 3, padding: 2, dilation: 2, padding_mode: PaddingModes.Reflect, bias: false)), ("b4", BatchNorm2d(128)), ("r4", ReLU()),
        ("c5", Conv2d(128, 128, 3, padding: 2, dilation: 2, padding_mode: PaddingModes.Reflect, bias: false)), ("b5", BatchNorm2d(128)), ("r5", ReLU()),
        ("head", Conv2d(128, 5, 1)));

    private readonly Tensor _sobel = tensor([1f, 0, -1, 2, 0, -2, 1, 0, -1, 1, 2, 1, 0, 0, 0, -1, -2, -1]).view(2, 1, 3, 3) / 3;
    private readonly Adam _optimiser;

    public PlainStep() => _optimiser = optim.Adam(_network.parameters(), 1e-3);

    public void Run(ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        _optimiser.zero_grad();
        var ids = Thin(batch.Superpixels).flatten();
        var areas = ids.bincount(null, batch.SuperpixelCount).to(ScalarType.Float32);
        var seen = new Seen(Thin(Grid(eye(2, 3).unsqueeze(0).expand(batch.Pixels.shape[0], -1, -1), batch.Pixels)), ids, areas, areas / areas.sum());
        var log = functional.log_softmax(Answer(batch.Pixels, seen), 0);
        var p = log.exp();
        var information = -(p * log).sum([0L]).dot(seen.Weights) - (special.entr(p.matmul(seen.Weights)).sum() * 1.6);
        information.backward();
        var target = log.detach();
        (Divergence(target, Answer(Noisy(batch.Pixels, target, seen), seen), seen) * 4).backward();
        (Divergence(target, Moved(batch.Pixels, Steps(batch.Pixels, target, seen), seen), seen) * 4).backward();
        _optimiser.step();
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        _network.Dispose();
        _sobel.Dispose();
    }

    private static Tensor Thin(Tensor map) => map.slice(1, 1, map.shape[1], 2).slice(2, 1, map.shape[2], 2);

    private static Tensor Grid(Tensor matrices, Tensor images) =>
        functional.affine_grid(matrices, [images.shape[0], 1, images.shape[2], images.shape[3]], false);

    private Tensor Cells(Tensor images)
    {
        var grey = images.mean([1L], keepdim: true);
        return _network.forward(cat([images - 0.45, functional.conv2d(grey, _sobel, padding: [1, 1])], 1));
    }

    private static Tensor Read(Tensor cells, Tensor places) =>
        functional.grid_sample(cells, places, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, false);

    private Tensor Answer(Tensor images, Seen seen) => Pool(Read(Cells(images), seen.Places), seen);

    private static Tensor Pool(Tensor logits, Seen seen)
    {
        var flat = logits.transpose(0, 1).reshape(logits.shape[1], -1);
        return zeros(flat.shape[0], seen.Areas.shape[0]).scatter_add(1, seen.Ids.unsqueeze(0).expand(flat.shape[0], -1), flat) / seen.Areas.clamp_min(1);
    }

    private static Tensor Divergence(Tensor target, Tensor logits, Seen seen) =>
        (target.exp() * (target - functional.log_softmax(logits, 0))).sum([0L]).dot(seen.Weights);

    private Tensor Noisy(Tensor images, Tensor target, Seen seen)
    {
        var lit = (images * (1 + (rand(images.shape[0], 3, 1, 1) * 0.4))).clamp(0, 1);
        var probe = (randn(images.shape) * 0.01).requires_grad_(true);
        var g = autograd.grad([Divergence(target, Answer(lit + probe, seen), seen)], [probe])[0];
        return lit + (g / (g.square().mean([1, 2, 3], keepdim: true).sqrt() + 1e-12) * 0.016);
    }

    private Tensor Steps(Tensor images, Tensor target, Seen seen)
    {
        var probe = (randn(images.shape[0], 5) * 0.05).requires_grad_(true);
        var g = autograd.grad([Divergence(target, Moved(images, probe, seen), seen)], [probe])[0];
        return (g / (g.norm(1, keepdim: true, p: 2) + 1e-12) * 1.5).clamp(-1, 1);
    }

    private Tensor Moved(Tensor images, Tensor steps, Seen seen)
    {
        var (a, s, tx, ty) = (steps[.., 0] * 0.26, (steps[.., 1] * 0.14).exp(), steps[.., 3] * 0.1, steps[.., 4] * 0.1);
        var there = stack([stack([a.cos() * s, -a.sin() * s, tx], 1), stack([a.sin() * s, a.cos() * s, ty], 1)], 1);
        var back = stack([stack([a.cos() / s, a.sin() / s, -tx], 1), stack([-a.sin() / s, a.cos() / s, -ty], 1)], 1);
        var warped = functional.grid_sample(images, Grid(there, images), GridSampleMode.Bilinear, GridSamplePaddingMode.Reflection, false);
        var places = Thin(Grid(back, images));
        var inside = (places.detach().abs().amax([3]) <= 1).to(ScalarType.Float32).unsqueeze(1);
        return Pool(Read(Cells(warped), places) * inside, seen);
    }

    /// <summary>Where answers are read, and the superpixels there.</summary>
    private sealed record Seen(Tensor Places, Tensor Ids, Tensor Areas, Tensor Weights);
}
