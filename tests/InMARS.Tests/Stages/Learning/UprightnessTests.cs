using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class UprightnessTests
{
    [Fact]
    public void Where_all_light_is_told_by_height_the_share_is_one()
    {
        using var scope = NewDisposeScope();
        var rows = arange(32, dtype: ScalarType.Float32).div(2, RoundingMode.floor).div(16).view(1, 1, -1, 1).expand(8, 3, 32, 20);
        var seen = new Uprightness();

        seen.See(Batch(rows), epoch: 0);

        Assert.Equal(1, seen.Share, 6);
        Assert.Null(seen.IsUpright); // eight images are not enough
    }

    [Fact]
    public void What_each_image_has_by_itself_counts_nothing()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(4, CPU);
        var rows = rand([400, 1, 16, 1], generator: random).expand(400, 3, 16, 8);
        var seen = new Uprightness();

        for (var i = 0; i < 400; i += 4)
        {
            seen.See(Batch(rows.narrow(0, i, 4)), epoch: 0);
        }

        Assert.False(seen.IsUpright);
        Assert.InRange(seen.Share, -0.1, 0.1);
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.1, false)]
    public void The_share_is_that_of_the_light_all_images_have(double common, bool upright)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(4, CPU);
        // Variances common^2 / 12 by height and 1 / 12 by chance of each pixel.
        var rows = linspace(0, common, 64).view(1, 1, -1, 1);
        var images = rows + rand([32, 1, 64, 64], generator: random);
        var seen = new Uprightness();

        seen.See(Batch(images.expand(32, 3, 64, 64)), epoch: 0);

        Assert.Equal(common * common / (1 + (common * common)), seen.Share, 2);
        Assert.Equal(upright, seen.IsUpright);
    }

    [Fact]
    public void Images_of_a_later_pass_are_not_new_but_end_the_wait()
    {
        using var scope = NewDisposeScope();
        var rows = arange(16, dtype: ScalarType.Float32).div(16).view(1, 1, -1, 1).expand(4, 3, 16, 20);
        var seen = new Uprightness();

        seen.See(Batch(rows), epoch: 0);
        Assert.Null(seen.IsUpright);
        seen.See(Batch(rows), epoch: 1);

        Assert.True(seen.IsUpright);
    }

    [Fact]
    public void Images_without_any_light_have_no_up()
    {
        using var scope = NewDisposeScope();
        var seen = new Uprightness();

        seen.See(Batch(zeros(32, 3, 16, 16)), epoch: 0);

        Assert.False(seen.IsUpright);
        Assert.Equal(0, seen.Share);
    }

    [Fact]
    public void What_was_seen_is_carried_over()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(4, CPU);
        var images = linspace(0, 1, 16).view(1, 1, -1, 1) + rand([16, 3, 16, 8], generator: random);
        var (first, second) = (new Uprightness(), new Uprightness());
        first.See(Batch(images), epoch: 0);

        var state = StateArchive.Save();
        first.Carry(state);
        second.Carry(StateArchive.Load(state.Entries));
        first.See(Batch(images), epoch: 0);
        second.See(Batch(images), epoch: 0);

        Assert.Equal(first.Share, second.Share);
        Assert.True(second.IsUpright);
    }

    [Fact]
    public void A_learner_tells_and_saves_whether_its_images_have_an_up()
    {
        using var scope = NewDisposeScope();
        using var context = new FakeStageContext();
        var options = new TrainingOptions(2) { Network = Scene.SmallNetwork with { Height = HeightInput.Auto } };
        using var learner = new Learner(options, (network, random, _) => new InmarsObjective(network, new LearnerOptions(options, new InmarsOptions()), random), context);
        using var batch = Batch(linspace(0, 1, 24).view(1, 1, -1, 1) + (rand(32, 3, 24, 24) * 0.2f));

        Assert.False(learner.Network.SeesHeight);
        _ = Lessons.Train(learner, batch, from: 0, count: 1);

        Assert.True(learner.Network.SeesHeight);
        learner.Save(context.PathInRun("checkpoints", "model.safetensors"));
        using var loaded = Checkpoint.Load(context.PathInRun("checkpoints", "model.safetensors"), CPU);
        Assert.True(loaded.Upright);
        Assert.True(loaded.SeesHeight);
    }

    private static ImageBatch Batch(Tensor pixels) =>
        new([], pixels, arange(pixels.shape[0], ScalarType.Int64).view(-1, 1, 1).expand(pixels.shape[0], pixels.shape[2], pixels.shape[3]), (int)pixels.shape[0]);
}
