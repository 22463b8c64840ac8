using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Stages.Rivals;
using InMARS.Tests.EndToEnd;
using InMARS.Tests.Support;
using static InMARS.Tests.Stages.Learning.Lessons;

namespace InMARS.Tests.Stages.Learning;

[Collection(Alone.Name)]
public sealed class StepMemoryTests : IDisposable
{
    private const int K = 5;
    private readonly FakeStageContext _context = new();

    public static TheoryData<string, int, int> Steps => new()
    {
        { "recipe", 8, 112 },
        { "recipe", 16, 144 },
        { "inmars", 8, 112 },
        { "net10a", 2, 112 },
        { "iic", 8, 112 },
        { "deepcluster", 8, 112 },
    };

    public void Dispose() => _context.Dispose();

    [Theory]
    [MemberData(nameof(Steps))]
    public void The_estimate_is_of_the_size_of_what_a_step_takes_and_hardly_more(string name, int images, int side)
    {
        using var batch = Scene.Batch(images, side);
        var estimate = 0L;

        var grown = PeakMemory.Growth(() =>
        {
            using var learner = Open(name);
            estimate = learner.Memory.Bytes(images, side, side);
            Train(learner, batch, from: 50, count: 2);
        });

        TestContext.Current.SendDiagnosticMessage($"{name} {images}x{side}: estimate {estimate >> 20} MiB, measured {grown >> 20} MiB, factor {(double)estimate / grown:0.00}");
        Assert.InRange((double)estimate / grown, 0.3, 1.3);
    }

    [Theory]
    [InlineData("recipe")]
    [InlineData("inmars")]
    [InlineData("net10a")]
    [InlineData("iic")]
    [InlineData("deepcluster")]
    public void The_numbers_of_a_network_are_known_before_it_is_made(string name)
    {
        using var learner = Open(name);

        Assert.Equal(learner.Network.State.Sum(s => s.Value.numel()), learner.Memory.Numbers);
    }

    [Fact]
    public void The_largest_batch_fits_and_one_image_more_does_not()
    {
        using var learner = Open("recipe");
        const long Limit = 1L << 30;

        var most = learner.Memory.Most(Limit, 96, 128);

        Assert.InRange(learner.Memory.Bytes(most, 96, 128), 1, Limit);
        Assert.True(learner.Memory.Bytes(most + 1, 96, 128) > Limit);
    }

    [Fact]
    public void A_batch_larger_than_the_memory_ends_the_run_before_its_first_step_and_says_what_fits()
    {
        using var learner = Open("recipe", new MemoryLimit(64 << 20, "cgroup v2"));
        using var batch = Scene.Batch(8, side: 112);
        var most = learner.Memory.Most(64 << 20, 112, 112);

        var error = Assert.Throws<OptionsException>(() => Train(learner, batch, from: 0, count: 1));

        Assert.InRange(most, 1, 7);
        Assert.Equal(
            $"stage needs about {learner.Memory.Bytes(8, 112, 112) >> 20} MiB for a step of 8 images of 112x112 pixels, but this process may use 64 MiB (cgroup v2); {most} such images would fit: set size of the step 'batch' to {most} or less, with accumulate for steps of as many images as before, or make images smaller (image.crop or image.resize)",
            error.Message);
    }

    [Fact]
    public void Where_no_image_fits_images_are_too_large()
    {
        using var learner = Open("recipe", new MemoryLimit(1 << 20, "machine"));
        using var batch = Scene.Batch(2);

        var error = Assert.Throws<OptionsException>(() => Train(learner, batch, from: 0, count: 1));

        Assert.EndsWith(
            "not even one such image fits: make images smaller (image.crop or image.resize), or the network (network.width, network.depth)", error.Message);
    }

    private Learner Open(string name, MemoryLimit? limit = null)
    {
        var recipe = TrainingOptions.Recipe with { Clusters = K, Overclustering = new OverclusteringOptions(4 * K) };
        var training = name switch
        {
            "inmars" => recipe with { Network = new NetworkOptions() },
            "net10a" => recipe with { Network = NetworkOptions.Net10a() },
            "deepcluster" => recipe with { Overclustering = new() },
            _ => recipe,
        };
        return name switch
        {
            "iic" => RivalsEntries.Open(training, new IicOptions(), _context),
            "deepcluster" => RivalsEntries.Open(training, new DeepClusterOptions(), _context),
            _ => new Learner(
                training, (network, random, _) => new InmarsObjective(network, new LearnerOptions(training, InmarsOptions.Recipe), random), _context, InmarsOptions.Recipe.Heads, limit),
        };
    }
}
