using InMARS.Stages.Learning;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Learning;

public sealed class CollapseSentinelTests : IDisposable
{
    private static readonly double[] Even = [0.5, 0.5];
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void One_cluster_above_95_percent_is_told_once_with_its_step()
    {
        var sentinel = Watch(steps: 300, shares: _ => [0.04, 0.96]);

        var (kind, message, data) = Assert.Single(_context.Logged);
        Assert.Equal(
            "stage: at step 100, cluster 1 covers 96.0 % of the area: the segmentation has collapsed. Raise mu, or lower the weights of the perturbations.",
            message);
        Assert.Equal(("warning", 100), (kind, data!["step"]!.GetValue<long>()));
        Assert.Equal(1, _context.Shown["collapsed"]);
        Assert.StartsWith("at step 100, cluster 1", sentinel.Finding);
    }

    [Fact]
    public void Mutual_information_next_to_nothing_is_told()
    {
        Watch(steps: 200, information: step => step <= 120 ? 0.6 : 0.001);

        Assert.Equal(
            "stage: at step 175, the mutual information of the last 50 steps is 0.001 of ln K, below 0.05: the clusters say next to nothing of the image. "
            + "Raise mu, or lower the weights of the perturbations.",
            Assert.Single(_context.Logged).Message);
    }

    [Fact]
    public void The_first_steps_are_let_pass()
    {
        Watch(steps: 99, shares: _ => [0, 1]);
        Watch(steps: 500, shares: step => step < 300 ? [0, 1] : Even, information: step => step < 300 ? 0 : 0.6, of: 10_000);

        Assert.Empty(_context.Logged);
    }

    [Fact]
    public void One_that_begins_later_lets_as_many_steps_pass()
    {
        Watch(steps: 179, shares: _ => [0, 1], from: 81);
        Assert.Empty(_context.Logged);

        Watch(steps: 200, shares: _ => [0, 1], from: 81);
        Assert.StartsWith("stage: at step 200", Assert.Single(_context.Logged).Message);
    }

    [Fact]
    public void A_healthy_training_shows_nothing()
    {
        Assert.Null(Watch(steps: 400).Finding);
        Assert.Empty(_context.Shown);
    }

    [Fact]
    public void The_status_says_when_it_is_over_again()
    {
        Watch(steps: 300, shares: step => step < 200 ? [0, 1] : Even);

        Assert.Equal(0, _context.Shown["collapsed"]);
    }

    [Fact]
    public void Where_the_length_of_the_flow_is_unknown_it_watches_all_the_same()
    {
        Watch(steps: 150, shares: _ => [0, 1], of: double.NaN);

        Assert.Single(_context.Logged);
    }

    private CollapseSentinel Watch(int steps, Func<int, double[]>? shares = null, Func<int, double>? information = null, double of = 500, int from = 1)
    {
        var now = 0;
        var sentinel = new CollapseSentinel(_context, () => shares?.Invoke(now) ?? Even);
        for (now = from; now <= steps; now++)
        {
            sentinel.Note(new TrainingReport(now, 0, 0, information?.Invoke(now) ?? 0.6, 0, 0, 0, 0, 0, 0, 0), now / of);
        }

        return sentinel;
    }
}
