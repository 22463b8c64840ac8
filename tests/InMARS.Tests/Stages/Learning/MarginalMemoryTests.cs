using InMARS.Stages.Learning;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class MarginalMemoryTests
{
    [Fact]
    public void The_first_batch_has_its_own_entropy()
    {
        using var scope = NewDisposeScope();
        using var memory = new MarginalMemory(0.9);
        var shares = tensor(new[] { 0.5, 0.25, 0.25 });

        Assert.Equal(special.entr(shares).sum().item<double>(), memory.Entropy(shares).item<double>(), 1e-12);
    }

    [Fact]
    public void Later_batches_are_judged_by_the_shares_of_all()
    {
        using var scope = NewDisposeScope();
        using var memory = new MarginalMemory(0.75);
        _ = memory.Entropy(tensor(new[] { 0.8, 0.2 }));
        var shares = tensor(new[] { 0.4, 0.6 }).requires_grad_(true);

        var value = memory.Entropy(shares);
        var slope = autograd.grad([value], [shares])[0];

        // Remembered: 0.75 * 0.8 + 0.25 * 0.4 = 0.7.
        Assert.Equal(-((0.4 * Math.Log(0.7)) + (0.6 * Math.Log(0.3))), value.item<double>(), 1e-12);
        Assert.Equal([-Math.Log(0.7), -Math.Log(0.3)], slope.data<double>().ToArray().Select(v => Math.Round(v, 12)), new Near());
    }

    [Fact]
    public void What_was_remembered_since_a_mark_can_be_forgotten()
    {
        using var scope = NewDisposeScope();
        using var memory = new MarginalMemory(0.75);
        using var twin = new MarginalMemory(0.75);
        var (first, second, third) = (tensor(new[] { 0.8, 0.2 }), tensor(new[] { 0.1, 0.9 }), tensor(new[] { 0.4, 0.6 }));
        var beginning = memory.Mark();
        _ = memory.Entropy(second);
        beginning();
        _ = (memory.Entropy(first), twin.Entropy(first));

        var undo = memory.Mark();
        _ = memory.Entropy(second);
        undo();

        Assert.Equal(twin.Entropy(third).item<double>(), memory.Entropy(third).item<double>());
    }

    [Fact]
    public void A_cluster_that_is_rare_in_the_set_is_asked_for_even_where_a_batch_is_full_of_it()
    {
        using var scope = NewDisposeScope();
        using var memory = new MarginalMemory(0.95);
        for (var i = 0; i < 50; i++)
        {
            _ = memory.Entropy(tensor(new[] { 0.9, 0.1 }));
        }

        var shares = tensor(new[] { 0.2, 0.8 }).requires_grad_(true);
        var slope = autograd.grad([memory.Entropy(shares)], [shares])[0].data<double>().ToArray();

        Assert.True(slope[1] > slope[0]);
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-9;

        public int GetHashCode(double obj) => 0;
    }
}
