using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;
using TorchSharp;

namespace InMARS.Tests.Stages.Learning;

public sealed class GalleryTests : IDisposable
{
    private const int Scale = 6;
    private const int Gutter = 4;
    private readonly FakeStageContext _context = new(epochs: 3);

    private string Folder => Path.Combine(_context.Run.Directory, "gallery");

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Every_epoch_has_a_picture_of_so_many_images()
    {
        Train(new InmarsOptions(), images: 2);

        Assert.Equal(["epoch-001.png", "epoch-002.png", "epoch-003.png"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        var header = ImageHeader.Read(File.ReadAllBytes(Path.Combine(Folder, "epoch-001.png"))).GetValueOrDefault();
        Assert.Equal(((2 * 24 * Scale) + Gutter, (6 * ((24 * Scale) + Gutter)) - Gutter), (header.Height, header.Width));
    }

    [Fact]
    public void The_report_says_what_the_columns_are_and_how_much_the_noise_is_enlarged()
    {
        Train(new InmarsOptions(), images: 1);

        Assert.Contains(
            $"Gallery: {Folder}, a file for each epoch; from the left: image, noise times 12, moved image, clusters, clusters under noise, clusters under motion.",
            _context.Reports.Single().Notes);
    }

    [Theory]
    [InlineData(0, 4, PerturbationMix.Sum, "image, moved image, clusters, clusters under motion.")]
    [InlineData(4, 0, PerturbationMix.Sum, "image, noise times 12, clusters, clusters under noise.")]
    [InlineData(0, 0, PerturbationMix.Sum, "image, clusters.")]
    [InlineData(4, 4, PerturbationMix.Composed, "image, noise times 12, moved image, clusters, clusters under noise and motion.")]
    public void What_is_off_has_no_column(double noise, double motion, PerturbationMix mix, string columns)
    {
        Train(
            new InmarsOptions { Photometric = new PhotometricOptions(Weight: noise), Spatial = new SpatialOptions(Weight: motion), Perturbations = mix }, images: 1);

        Assert.Contains(_context.Reports.Single().Notes, n => n.EndsWith($"from the left: {columns}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_images_are_drawn_after_every_epoch()
    {
        Train(new InmarsOptions(), images: 1);

        Assert.Equal(Pictures.LeftOf(Path.Combine(Folder, "epoch-001.png"), 24 * Scale), Pictures.LeftOf(Path.Combine(Folder, "epoch-003.png"), 24 * Scale));
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(Folder, "epoch-001.png")), File.ReadAllBytes(Path.Combine(Folder, "epoch-003.png")));
    }

    [Fact]
    public void Zero_images_draw_nothing()
    {
        Train(new InmarsOptions(), images: 0);

        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void Drawing_changes_nothing_of_what_is_learned_and_leaves_no_tensors()
    {
        using var other = new FakeStageContext(epochs: 3);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Train(new InmarsOptions(), images: 3);
        Train(new InmarsOptions(), images: 0, other);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(Model(_context), Model(other));
    }

    private static byte[] Model(FakeStageContext context) => File.ReadAllBytes(Path.Combine(context.Run.Directory, "checkpoints", "model.safetensors"));

    private void Train(InmarsOptions objective, int images, FakeStageContext? context = null)
    {
        var options = new TrainingOptions(Scene.Clusters, LearningRate: 0.01) { Network = Scene.SmallNetwork, Watch = new WatchOptions(Snapshots: 0, Gallery: images) };
        using var learner = LearningEntries.Open(new LearnerOptions(options, objective), context ?? _context);
        foreach (var (i, seed) in new[] { 1, 2, 3, 1, 2, 3 }.Index())
        {
            using var batch = Scene.Batch(seed: seed);
            Assert.IsType<Result<IReadOnlyList<TrainingReport>>.Ok>(learner.Step(batch, new ItemContext(i % 2, i / 2, (ulong)i, i / 6.0)));
        }

        learner.Finish();
    }
}
