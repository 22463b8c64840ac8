using InMARS.Stages.Rivals;
using InMARS.Tests.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Rivals;

public class IidLossTests
{
    private const double Least = 2.220446049250313e-16;

    [Theory]
    [InlineData(0, 1.0, false)]
    [InlineData(1, 1.0, false)]
    [InlineData(2, 1.5, true)]
    [InlineData(3, 1.0, true)]
    public void It_is_what_two_plain_loops_give(int displacement, double lambda, bool masked)
    {
        using var scope = NewDisposeScope();
        var (first, second, mask) = Problem(masked);

        var loss = IidLoss.Of(first, second, mask, displacement, lambda).item<double>();

        Assert.Equal(Plain(first, second, mask, displacement, lambda), loss, 1e-10);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void Equal_clusters_seen_alike_twice_give_minus_ln_K(int clusters)
    {
        using var scope = NewDisposeScope();
        var view = nn.functional.one_hot(arange(clusters * 4, ScalarType.Int64).view(1, 4, clusters).remainder(clusters), clusters)
            .permute(0, 3, 1, 2).to(ScalarType.Float64);

        var loss = IidLoss.Of(view, view, ones_like(view.narrow(1, 0, 1)), displacement: 0, lambda: 1).item<double>();

        Assert.Equal(-Math.Log(clusters), loss, 1e-10);
    }

    [Fact]
    public void Views_that_know_nothing_of_each_other_give_nothing()
    {
        using var scope = NewDisposeScope();
        var even = full([2, 4, 5, 5], 0.25, dtype: ScalarType.Float64);

        Assert.Equal(0, IidLoss.Of(even, even, ones_like(even.narrow(1, 0, 1)), 2, 1).item<double>(), 1e-12);
    }

    [Fact]
    public void It_is_the_same_whichever_view_comes_first()
    {
        using var scope = NewDisposeScope();
        var (first, second, mask) = Problem(masked: true);

        Assert.Equal(IidLoss.Of(first, second, mask, 2, 1.2).item<double>(), IidLoss.Of(second, first, mask, 2, 1.2).item<double>(), 1e-12);
    }

    [Fact]
    public void More_weight_on_the_marginals_adds_twice_their_entropy()
    {
        using var scope = NewDisposeScope();
        var (first, second, mask) = Problem(masked: false);
        var marginal = IidLoss.Joint(first, second, 0).sum([3L]);

        var more = IidLoss.Of(first, second, mask, 0, 1.5).item<double>() - IidLoss.Of(first, second, mask, 0, 1).item<double>();

        Assert.Equal((marginal * marginal.log()).sum().item<double>(), more, 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Its_gradient_is_that_of_finite_differences_in_both_views(int displacement)
    {
        using var scope = NewDisposeScope();
        var (first, second, mask) = Problem(masked: true);
        var (a, b) = (first.log().requires_grad_(true), second.log().requires_grad_(true));
        Tensor Loss(Tensor x, Tensor y) => IidLoss.Of(nn.functional.softmax(x, 1), nn.functional.softmax(y, 1), mask, displacement, 1.3);

        var slopes = autograd.grad([Loss(a, b)], [a, b]);

        Slopes.Agree(x => Loss(x, b.detach()), a, slopes[0]);
        Slopes.Agree(y => Loss(a.detach(), y), b, slopes[1]);
    }

    [Fact]
    public void Certain_answers_leave_the_gradient_finite()
    {
        using var scope = NewDisposeScope();
        var logits = cat([full([1, 1, 4, 4], 200f), zeros(1, 2, 4, 4)], 1).requires_grad_(true);
        var view = nn.functional.softmax(logits, 1);

        IidLoss.Of(view, view, ones(1, 1, 4, 4), 1, 1).backward();

        Assert.True(logits.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void A_displacement_beyond_the_image_adds_next_to_nothing()
    {
        using var scope = NewDisposeScope();
        var (first, second, mask) = Problem(masked: false);

        var (five, six) = (IidLoss.Of(first, second, mask, 5, 1).item<double>(), IidLoss.Of(first, second, mask, 6, 1).item<double>());

        Assert.Equal(five * 121, six * 169, 1e-9);
    }

    /// <summary>Equation and normalisation as written, pixel by pixel.</summary>
    private static double Plain(Tensor first, Tensor second, Tensor mask, int displacement, double lambda)
    {
        var (count, clusters) = ((int)first.shape[0], (int)first.shape[1]);
        var (height, width) = ((int)first.shape[2], (int)first.shape[3]);
        var sum = 0.0;
        for (var dy = -displacement; dy <= displacement; dy++)
        {
            for (var dx = -displacement; dx <= displacement; dx++)
            {
                var joint = new double[clusters, clusters];
                foreach (var (n, y, x) in from n in Enumerable.Range(0, count) from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) select (n, y, x))
                {
                    if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width)
                    {
                        continue;
                    }

                    var known = mask[n, 0, y, x].item<double>() * mask[n, 0, y + dy, x + dx].item<double>();
                    for (var c = 0; c < clusters; c++)
                    {
                        for (var d = 0; d < clusters; d++)
                        {
                            joint[c, d] += known * first[n, c, y, x].item<double>() * second[n, d, y + dy, x + dx].item<double>();
                        }
                    }
                }

                sum += Plain(joint, lambda);
            }
        }

        return -sum / ((2 * displacement + 1) * (2 * displacement + 1));
    }

    private static double Plain(double[,] joint, double lambda)
    {
        var clusters = Enumerable.Range(0, joint.GetLength(0)).ToList();
        var all = joint.Cast<double>().Sum();
        double P(int c, int d) => (joint[c, d] + joint[d, c]) / (2 * all);
        double Log(double share) => Math.Log(Math.Max(share, Least));
        double Marginal(int c) => clusters.Sum(d => P(c, d));
        return (from c in clusters from d in clusters select Math.Max(P(c, d), Least) * (Log(P(c, d)) - (lambda * Log(Marginal(c))) - (lambda * Log(Marginal(d))))).Sum();
    }

    /// <summary>Two images of 6x6 pixels and three clusters, seen twice.</summary>
    private static (Tensor First, Tensor Second, Tensor Mask) Problem(bool masked)
    {
        using var random = new Generator(4, CPU);
        Tensor View() => nn.functional.softmax(randn([2, 3, 6, 6], dtype: ScalarType.Float64, generator: random) * 2, 1);
        var (first, second) = (View(), View());
        var mask = rand([2, 1, 6, 6], dtype: ScalarType.Float64, generator: random) < 0.7;
        return (first, second, masked ? mask.to(ScalarType.Float64) : ones_like(mask, dtype: ScalarType.Float64));
    }
}
