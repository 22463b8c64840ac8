using InMARS.Stages.Learning.Fused;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Learning;

/// <summary>
/// The network: a convolutional trunk, a 1x1 head that scores clusters, and an optional second head with more
/// clusters for training. Owns its tensors; one thread at a time.
/// </summary>
/// <remarks>
/// The trunk follows Ji et al., "Invariant information clustering", ICCV 2019 (SegmentationNet10a): as it stands for
/// <see cref="NetworkKind.Net10a"/>, with widths of our own and two poolings instead of one for <see cref="NetworkKind.Inmars"/>,
/// and with strides instead of poolings for <see cref="NetworkKind.Strided"/>. All give logits, which are enlarged as
/// they are; that code enlarges probabilities. Nothing here draws from torch's global generator.
/// </remarks>
public sealed class Segmenter : IDisposable
{
    private readonly ConvolutionLayer[] _trunk;
    private readonly Head? _head;
    private readonly Head? _overclustering;
    private readonly EdgeFilter _edges;

    /// <param name="clusters">K of the head that segments.</param>
    /// <param name="overclusters">Clusters of the second head; 0 leaves it out.</param>
    /// <param name="seed">Seed of the first weights; the same on every device.</param>
    /// <param name="heads">Heads of K clusters in training, of which <see cref="Leading"/> segments; 0 where only the merged one does.</param>
    public Segmenter(
        NetworkOptions options, int clusters, int overclusters, ulong seed, Device device, ScalarType type = ScalarType.Float32, int heads = 1)
    {
        using var random = new Generator(seed, CPU);
        (Options, Clusters, Overclusters, Heads) = (options, clusters, overclusters, heads);
        _trunk = [.. options.Layers.Select(shape => new ConvolutionLayer(shape, random, device, type))];
        _head = heads == 0 ? null : new Head(options.Head(clusters * heads), random, device, type);
        _overclustering = overclusters == 0 ? null : new Head(options.Head(overclusters), random, device, type);
        _edges = new EdgeFilter(device, type, zeroBorder: options.Kind == NetworkKind.Net10a);
        Device = device;
    }

    public NetworkOptions Options { get; }

    public int Clusters { get; }

    public int Overclusters { get; }

    /// <summary>Heads of <see cref="Clusters"/> clusters.</summary>
    internal int Heads { get; }

    /// <summary>The one of them that segments.</summary>
    internal int Leading { get; set; }

    /// <summary>Where the over-clustering head segments: the one of K clusters that each of its clusters belongs to. Null where <see cref="Leading"/> does.</summary>
    internal IReadOnlyList<int>? Merged { get; set; }

    /// <summary>Whether the images have an up; null where that is not known.</summary>
    internal bool? Upright { get; set; }

    /// <summary>Whether heights are told; otherwise that input, where there is one, is 0.</summary>
    internal bool SeesHeight => Options.Height == HeightInput.On || (Options.Height == HeightInput.Auto && Upright == true);

    public Device Device { get; }

    public IEnumerable<Parameter> Parameters =>
        [.. _trunk.SelectMany(l => l.Parameters), .. _head?.Parameters ?? [], .. _overclustering?.Parameters ?? []];

    /// <summary>Every tensor of a checkpoint; borrowed.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State =>
    [
        .. _trunk.SelectMany((layer, i) => layer.State.Select(s => ($"trunk.{i}.{s.Name}", s.Value))),
        .. _head?.State.Select(s => ($"head.{s.Name}", s.Value)) ?? [],
        .. _overclustering?.State.Select(s => ($"overclustering.{s.Name}", s.Value)) ?? [],
    ];

    /// <summary>What is published of this state: of the heads, the one that segments. Borrowed, views of the same tensors.</summary>
    internal IReadOnlyList<(string Name, Tensor Value)> Published(IReadOnlyList<(string Name, Tensor Value)> state) => (Merged, Heads) switch
    {
        (null, 1) => state,
        (null, _) => [.. state.Select(s => IsOfHead(s.Name) ? (s.Name, s.Value.narrow(0, Leading * Clusters, Clusters)) : s)],
        _ => [.. state.Where(s => !IsOfHead(s.Name))],
    };

    /// <summary>Scores of the head that segments, where scores hold those of all.</summary>
    /// <param name="scores"><c>[N, heads * K + K', H, W]</c>.</param>
    /// <returns><c>[N, K, H, W]</c>.</returns>
    internal Tensor Lead(Tensor scores) => Merged is { } merged
        ? Join(scores.narrow(1, Heads * Clusters, Overclusters), merged)
        : scores.narrow(1, Leading * Clusters, Clusters);

    /// <summary>Draws first weights anew.</summary>
    /// <param name="decision">Factor of the heads' weights: above 1 the first answers are less even.</param>
    internal void Redraw(ulong seed, double decision)
    {
        using var fresh = new Segmenter(Options, Clusters, Overclusters, seed, Device, State[0].Value.dtype, Heads);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (old, drawn) in State.Zip(fresh.State))
        {
            old.Value.copy_(drawn.Value * (drawn.Name is "head.weight" or "overclustering.weight" ? decision : 1));
        }
    }

    /// <summary>Scores of both heads, normalised by the statistics of this batch.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>, 0 to 1.</param>
    /// <param name="moments">Where the statistics go for the clean pass of a step; none for perturbed passes.</param>
    /// <param name="lift">As <see cref="Lift"/> draws it.</param>
    /// <returns>Logits <c>[N, heads * K + K', H, W]</c>, those of the over-clustering head last.</returns>
    internal Tensor Train(Tensor images, BatchMoments? moments = null, Tensor? lift = null) => Enlarge(TrainCells(images, moments, lift), images);

    /// <summary>The same before they are enlarged: one score a cell, <c>[N, heads * K + K', H / Stride, W / Stride]</c>, rounded up.</summary>
    internal Tensor TrainCells(Tensor images, BatchMoments? moments = null, Tensor? lift = null) =>
        Cells(Run(images, (layer, x) => layer.Train(x, moments), lift: lift));

    /// <summary>What heights are moved by in one pass of training, <c>[N]</c>; null where none are told.</summary>
    internal Tensor? Lift(Tensor images, Generator random) => SeesHeight ? Heights.Draw(images, random) : null;

    /// <summary>Scores by the running statistics, without gradients.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>, 0 to 1; borrowed.</param>
    /// <returns>Logits <c>[N, K, H, W]</c>; the caller owns them.</returns>
    public Tensor Apply(Tensor images) => ApplyPart(images, null);

    /// <summary>The same of parts of images.</summary>
    /// <param name="frame">Where their rows lie; null for whole images.</param>
    internal Tensor ApplyPart(Tensor images, Frame? frame)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return Enlarge(Segment(Run(images, (layer, x) => layer.Apply(x), frame)), images).MoveToOuterDisposeScope();
    }

    /// <summary>Mean of the scores of the images and of their mirror images, turned back.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>, 0 to 1; borrowed.</param>
    /// <returns>Logits <c>[N, K, H, W]</c>; the caller owns them.</returns>
    public Tensor ApplyBothWays(Tensor images) => BothWays(Apply, images);

    /// <summary>The same of whatever gives scores.</summary>
    /// <param name="score">Logits of images, as <see cref="Apply"/>.</param>
    internal static Tensor BothWays(Func<Tensor, Tensor> score, Tensor images)
    {
        using var scope = NewDisposeScope();
        return ((score(images) + score(images.flip(3)).flip(3)) / 2).MoveToOuterDisposeScope();
    }

    /// <summary>The layers that <see cref="Apply"/> goes through, each one convolution; the last is the head that segments.</summary>
    internal IReadOnlyList<FusedLayer> Fused()
    {
        var layers = new List<FusedLayer>();
        for (var i = 0; i < _trunk.Length; i++)
        {
            var shape = _trunk[i].Shape;
            var pools = i + 1 < _trunk.Length ? _trunk[i + 1].Shape.Level - (shape.Level + shape.Stride - 1) : 0;
            layers.Add(_trunk[i].Fuse(i == 0 ? Options.Inputs : layers[^1].Shape.Filled, 1 << pools));
        }

        var features = layers[^1].Shape.Filled;
        return [.. layers, Merged is null ? _head!.Fuse(features, Leading * Clusters, Clusters) : _overclustering!.Fuse(features, 0, Overclusters)];
    }

    public void Dispose()
    {
        foreach (var layer in _trunk)
        {
            layer.Dispose();
        }

        _head?.Dispose();
        _overclustering?.Dispose();
        _edges.Dispose();
    }

    /// <summary>What the trunk makes of images, <c>[N, Features, H / Stride, W / Stride]</c>, rounded up.</summary>
    internal Tensor Run(Tensor images, Func<ConvolutionLayer, Tensor, Tensor> apply, Frame? frame = null, Tensor? lift = null)
    {
        var completed = Options.Kind == NetworkKind.Strided ? Completed(images) : images;
        var x = Inputs(completed, frame ?? new Frame(0, (int)images.shape[2]), lift);
        var level = 0;
        foreach (var layer in _trunk)
        {
            for (; level < layer.Shape.Level; level++)
            {
                x = functional.max_pool2d(x, 2, ceil_mode: Options.KeepsPlace);
            }

            x = apply(layer, x);
            level += layer.Shape.Stride - 1;
        }

        return x;
    }

    private static bool IsOfHead(string name) => name.StartsWith("head.", StringComparison.Ordinal);

    private Tensor Cells(Tensor features) => cat([.. new[] { _head, _overclustering }.OfType<Head>().Select(head => head.Apply(features))], 1);

    /// <summary>Scores of the head that segments; no other one is asked.</summary>
    private Tensor Segment(Tensor features) => Merged is { } merged
        ? Join(_overclustering!.Apply(features), merged)
        : _head!.Apply(features).narrow(1, Leading * Clusters, Clusters);

    /// <summary>A merged cluster scores what the greatest of its parts does: it is chosen where one of them would be. Parts that are never chosen add nothing.</summary>
    private Tensor Join(Tensor scores, IReadOnlyList<int> merged)
    {
        var parts = scores.unbind(1);
        return stack([.. Enumerable.Range(0, Clusters).Select(k => stack([.. parts.Where((_, i) => merged[i] == k)]).amax([0]))], 1);
    }

    private Tensor Inputs(Tensor images, Frame frame, Tensor? lift)
    {
        List<Tensor> inputs = [images - Options.Centre];
        if (Options.Sobel)
        {
            inputs.Add(_edges.Apply(images));
        }

        if (Options.Height != HeightInput.Off)
        {
            inputs.Add(SeesHeight ? Heights.Of(images, frame, lift) : zeros_like(images.narrow(1, 0, 1)));
        }

        return inputs.Count == 1 ? inputs[0] : cat([.. inputs], 1);
    }

    /// <summary>Continues images to the right and below until they are whole cells: a layer of stride 2 drops what is left over.</summary>
    private Tensor Completed(Tensor images)
    {
        var (right, below) = (Rest(images.shape[3]), Rest(images.shape[2]));
        return right + below == 0 ? images : functional.pad(images, [0, right, 0, below], PaddingModes.Replicate);

        long Rest(long side) => (Options.Stride - (side % Options.Stride)) % Options.Stride;
    }

    // By the exact factor and then cut, where a tile and the whole image must agree where a pixel lies.
    internal Tensor Enlarge(Tensor scores, Tensor images)
    {
        var (height, width) = (images.shape[2], images.shape[3]);
        if (Options.Stride == 1)
        {
            return scores;
        }

        long[] size = Options.KeepsPlace ? [scores.shape[2] * Options.Stride, scores.shape[3] * Options.Stride] : [height, width];
        var large = functional.interpolate(scores, size, mode: InterpolationMode.Bilinear, align_corners: false);
        return size[0] == height && size[1] == width ? large : large.narrow(2, 0, height).narrow(3, 0, width);
    }
}
