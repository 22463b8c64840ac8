using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class AnswerPlacesTests
{
    public static TheoryData<NetworkOptions> Networks =>
    [
        new NetworkOptions(Width: 4, Pools: 0, Depth: 1),
        new NetworkOptions(Width: 4, Pools: 2, Depth: 1),
        NetworkOptions.Strided(width: 4, depth: 1),
        NetworkOptions.Net10a(),
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Reading_every_pixel_is_enlarging_inside_and_at_the_borders(NetworkOptions options)
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(options, 3, 2, 1, CPU, ScalarType.Float64);
        var images = rand([2, 3, 21, 30], dtype: ScalarType.Float64, generator: new Generator(1, CPU));

        var read = AnswerPlaces.Of(options, 1).Read(network.TrainCells(images), images);

        Assert.Equal(0, (network.Train(images) - read).abs().max().item<double>(), 1e-11);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Reading_some_pixels_is_reading_all_and_taking_those(int step)
    {
        using var scope = NewDisposeScope();
        var cells = rand([2, 3, 6, 8], dtype: ScalarType.Float64, generator: new Generator(1, CPU));
        var images = zeros(2, 3, 21, 30, dtype: ScalarType.Float64);

        var read = new AnswerPlaces(step, 4).Read(cells, images);

        var all = new AnswerPlaces(1, 4).Read(cells, images);
        var rows = arange(step / 2, 21, step, ScalarType.Int64);
        var columns = arange(step / 2, 30, step, ScalarType.Int64);
        Assert.Equal(0, (all.index_select(2, rows).index_select(3, columns) - read).abs().max().item<double>(), 1e-12);
    }

    [Fact]
    public void A_pixel_of_the_second_cell_lies_where_its_neighbours_say()
    {
        using var scope = NewDisposeScope();
        var cells = tensor(new[] { 0.0, 8, 100 }).view(1, 1, 1, 3);

        var read = new AnswerPlaces(1, 4).Read(cells, zeros(1, 3, 1, 9, dtype: ScalarType.Float64));

        Assert.Equal([0, 0, 1, 3, 5, 7, 19.5, 42.5, 65.5], read.flatten().data<double>().ToArray().Select(v => Math.Round(v, 9)));
    }

    [Fact]
    public void Scores_that_are_stretched_cover_the_image_however_many_they_are()
    {
        using var scope = NewDisposeScope();
        var cells = tensor(new[] { 0.0, 9 }).view(1, 1, 1, 2);

        var read = new AnswerPlaces().Read(cells, zeros(1, 3, 1, 6, dtype: ScalarType.Float64));

        Assert.Equal([0, 0, 3, 6, 9, 9], read.flatten().data<double>().ToArray().Select(v => Math.Round(v, 9)));
    }

    [Fact]
    public void An_image_too_small_for_a_step_is_read_at_its_last_pixel()
    {
        using var scope = NewDisposeScope();

        Assert.Equal([1L, 1, 1], new AnswerPlaces(4).Thin(zeros(1, 1, 2)).shape);
        Assert.Equal([1L, 2, 1], new AnswerPlaces(4).Thin(zeros(1, 7, 4)).shape);
    }

    [Fact]
    public void Answers_that_were_moved_are_read_where_the_way_back_leads()
    {
        using var scope = NewDisposeScope();
        var images = zeros(1, 3, 8, 12, dtype: ScalarType.Float64);
        var ramp = arange(12, dtype: ScalarType.Float64).view(1, 1, 1, 12).expand(1, 1, 8, 12);
        var right = Warp.Still(images) + tensor(new[] { 2 * 3 / 12.0, 0 });

        var (scores, inside) = new AnswerPlaces(2, 1).ReadBack(ramp, right);

        Assert.Equal([4, 6, 8, 10, 11, 11], scores[0, 0, 0].data<double>().ToArray().Select(v => Math.Round(v, 9)));
        Assert.Equal([1.0, 1, 1, 1, 0, 0], inside[0, 0, 3].data<double>().ToArray());
    }

    [Fact]
    public void Superpixels_between_the_places_do_not_count_and_spoil_nothing()
    {
        using var scope = NewDisposeScope();
        var places = new AnswerPlaces(2);
        var labels = tensor(new long[] { 0, 1, 0, 1, 2, 1, 0, 1 }).view(1, 2, 4);
        var images = zeros(1, 3, 2, 4, dtype: ScalarType.Float64);
        var logits = rand([1, 3, 2, 4], dtype: ScalarType.Float64, generator: new Generator(1, CPU)).requires_grad_(true);

        foreach (var quantity in new[] { PooledQuantity.Logits, PooledQuantity.Probabilities })
        {
            var pooling = SuperpixelPooling.Over(places.Thin(labels), 3, ScalarType.Float64) with { Quantity = quantity };
            var scores = pooling.Score(places.Read(logits, images));
            var (moved, inside) = places.ReadBack(logits, Warp.Still(images) * 0.9);
            var information = MutualInformation.Of(scores).Value + Divergence.Of(scores.Fixed(), pooling.Score(moved, inside));

            var slope = autograd.grad([information], [logits])[0];

            Assert.Equal([0.0, 1, 0], scores.Weights.data<double>().ToArray());
            Assert.True(slope.isfinite().all().item<bool>());
            Assert.True(information.isfinite().item<bool>());
        }
    }
}
