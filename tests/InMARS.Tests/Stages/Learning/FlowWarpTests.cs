using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class FlowWarpTests
{
    private static readonly FlowFieldOptions Options = new(Grid: 5, Reach: 2);

    [Fact]
    public void No_flow_leaves_every_place_where_it_is()
    {
        using var scope = NewDisposeScope();
        var warp = Warp(40, 56);

        var (there, back) = warp.Grids(zeros(2, warp.Parameters, dtype: ScalarType.Float64));

        var still = nn.functional.affine_grid(tensor(new[] { 1.0, 0, 0, 0, 1, 0 }).view(1, 2, 3), [1, 1, 40, 56], align_corners: false);
        Assert.Equal(0, (there - still).abs().max().item<double>(), 1e-12);
        Assert.Equal(0, (back - still).abs().max().item<double>(), 1e-12);
    }

    [Fact]
    public void Control_points_that_move_alike_move_everything_as_far()
    {
        using var scope = NewDisposeScope();
        var warp = Warp(40, 56);
        var steps = cat([full(1, 25, 0.5), full(1, 25, -0.25)], 1).to(ScalarType.Float64);

        var field = warp.Field(steps);

        Assert.Equal(0, (field[0, 0] - 1).abs().max().item<double>(), 1e-12);
        Assert.Equal(0, (field[0, 1] + 0.5).abs().max().item<double>(), 1e-12);
    }

    [Fact]
    public void A_point_of_the_grid_moves_its_own_surroundings_most_and_far_ones_not_at_all()
    {
        using var scope = NewDisposeScope();
        var warp = Warp(41, 41);
        var steps = zeros(1, warp.Parameters, dtype: ScalarType.Float64);
        steps[0, 6] = 1;

        var field = warp.Field(steps)[0, 0];

        // The spline of a single point is 4/9 of it at its own place, row 1 and column 1 of the grid.
        Assert.Equal(2 * 4 / 9.0, field[10, 10].item<double>(), 1e-12);
        Assert.Equal(field.max().item<double>(), field[10, 10].item<double>(), 1e-12);
        Assert.Equal(0, field[.., 30..].abs().max().item<double>(), 1e-12);
    }

    [Theory]
    [InlineData(40, 56, 2)]
    [InlineData(24, 24, 9)]
    public void No_place_moves_further_than_the_reach_and_neighbours_by_half_a_pixel_more_at_most(int height, int width, double reach)
    {
        using var scope = NewDisposeScope();
        var warp = Warp(height, width, Options with { Reach = reach });

        for (ulong seed = 0; seed < 10; seed++)
        {
            var field = warp.Field(warp.Limit(Random(warp, seed) * 100));

            Assert.True(field.norm(1, keepdim: false, p: 2).max().item<double>() <= reach + 1e-9);
            Assert.True(field.diff(dim: 2).norm(1, keepdim: false, p: 2).max().item<double>() <= 0.5 + 1e-9);
            Assert.True(field.diff(dim: 3).norm(1, keepdim: false, p: 2).max().item<double>() <= 0.5 + 1e-9);
        }
    }

    [Fact]
    public void The_way_back_undoes_the_way_there()
    {
        using var scope = NewDisposeScope();
        var warp = Warp(40, 56);

        for (ulong seed = 0; seed < 10; seed++)
        {
            var (there, back) = warp.Grids(warp.Limit(warp.Unit(Random(warp, seed))));

            Assert.True(Miss(there, back) < 0.02, $"seed {seed}: misses by {Miss(there, back)} pixels");
        }
    }

    [Fact]
    public void More_steps_undo_a_strong_flow_better()
    {
        using var scope = NewDisposeScope();
        var steps = Random(Warp(40, 56), 3) * 100;

        var misses = new[] { 1, 3, 9 }.Select(n =>
        {
            var warp = Warp(40, 56, Options with { Reach = 20, InverseSteps = n });
            var (there, back) = warp.Grids(warp.Limit(steps));
            return Miss(there, back);
        }).ToList();

        Assert.True(misses[1] < misses[0] / 2 && misses[2] < misses[1] / 2, string.Join(", ", misses));
    }

    [Fact]
    public void A_unit_moves_the_control_point_that_moves_most_by_one()
    {
        using var scope = NewDisposeScope();
        var warp = Warp(40, 56);

        var unit = warp.Unit(Random(warp, 1) * 1e-20).view(2, 2, -1).norm(1, keepdim: false, p: 2);

        Assert.All(unit.amax([1L]).data<double>().ToArray(), longest => Assert.Equal(1, longest, 1e-9));
    }

    [Fact]
    public void A_limit_keeps_directions_and_leaves_short_steps_alone()
    {
        using var scope = NewDisposeScope();
        var warp = Warp(40, 56, Options with { Grid = 2 });
        var steps = tensor(new[] { 3.0, 0.3, 0, -1, 4, 0.4, 0, 0 }).view(1, 8);

        Assert.Equal([0.6, 0.3, 0, -1, 0.8, 0.4, 0, 0], warp.Limit(steps).data<double>().ToArray().Select(v => Math.Round(v, 12)));
    }

    /// <summary>How many pixels there-after-back is away from where it began, at most, over places that come from within the image.</summary>
    private static double Miss(Tensor there, Tensor back)
    {
        var (height, width) = (back.shape[1], back.shape[2]);
        var round = InMARS.Stages.Learning.Warp.Sample(there.permute(0, 3, 1, 2), back, GridSamplePaddingMode.Border);
        var still = nn.functional.affine_grid(tensor(new[] { 1.0, 0, 0, 0, 1, 0 }).view(1, 2, 3), [1, 1, height, width], align_corners: false);
        var pixels = (round - still.permute(0, 3, 1, 2)).abs() * (Math.Max(height, width) / 2.0);
        var inner = (back.abs().amax([3]) < 0.9).to(ScalarType.Float64).unsqueeze(1);
        return (pixels * inner).max().item<double>();
    }

    private static FlowWarp Warp(long height, long width, FlowFieldOptions? options = null) =>
        new(options ?? Options, zeros(2, 3, height, width, dtype: ScalarType.Float64));

    private static Tensor Random(FlowWarp warp, ulong seed)
    {
        using var random = new Generator(seed, CPU);
        return randn([2, warp.Parameters], dtype: ScalarType.Float64, generator: random);
    }
}
