using InMARS.Pipeline.Stages;
using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;
using Adam = InMARS.Stages.Learning.Adam;
using Parameter = TorchSharp.Modules.Parameter;

namespace InMARS.Tests.Stages.Learning;

public class AdamTests
{
    [Theory]
    [InlineData(1e-3)]
    [InlineData(0.05)]
    public void Weights_move_as_with_the_optimiser_of_the_library(double rate)
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = (Weights(), Weights());
        using var adam = new Adam(ours);
        using var library = optim.Adam(theirs, rate);

        for (var step = 0; step < 20; step++)
        {
            Pull(ours, step);
            Pull(theirs, step);
            adam.Step(rate);
            library.step();
        }

        Assert.All(ours.Zip(theirs), pair => Assert.True(allclose(pair.First, pair.Second, rtol: 1e-9, atol: 1e-12)));
    }

    [Fact]
    public void The_first_step_is_the_rate_against_the_sign_of_each_gradient()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(zeros(3, dtype: ScalarType.Float64));
        using var adam = new Adam([weight]);
        (weight * tensor([5.0, -0.001, 0.0])).sum().backward();

        adam.Step(0.1);

        Assert.Equal([-0.1, 0.1, 0], weight.data<double>().ToArray().Select(w => Math.Round(w, 5)));
    }

    [Fact]
    public void A_weight_without_a_gradient_stays_and_forgotten_gradients_are_none()
    {
        using var scope = NewDisposeScope();
        var weights = Weights();
        using var adam = new Adam(weights);
        Pull(weights, 0);

        adam.Forget();
        adam.Step(0.1);

        Assert.All(weights.Zip(Weights()), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
        Assert.All(weights, w => Assert.Null(w.grad));
    }

    [Fact]
    public void What_was_carried_over_goes_on_to_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Weights(), Weights());
        using var adam = new Adam(first);
        using var opened = new Adam(second);
        Pull(first, 0);
        adam.Step(0.01);
        var saved = StateArchive.Save();
        adam.Carry(saved);
        opened.Carry(StateArchive.Load(saved.Entries));
        using (no_grad())
        {
            second.Zip(first).ToList().ForEach(pair => pair.First.copy_(pair.Second));
        }

        Pull(first, 1);
        Pull(second, 1);
        adam.Step(0.01);
        opened.Step(0.01);

        Assert.All(first.Zip(second), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    private static Parameter[] Weights()
    {
        using var random = new Generator(3, CPU);
        return [.. new long[][] { [4, 3], [5] }.Select(shape => new Parameter(randn(shape, ScalarType.Float64, generator: random)))];
    }

    /// <summary>Gradients that change from step to step.</summary>
    private static void Pull(Parameter[] weights, int step)
    {
        Array.ForEach(weights, w => w.grad = null);
        weights.Select(w => (w.sin() * (step + 1)).sum()).Aggregate((a, b) => a + b).backward();
    }
}
