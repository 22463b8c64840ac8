using CsCheck;
using InMARS.Stages.Learning;

namespace InMARS.Tests.Stages.Learning;

public class TileAxisTests
{
    [Fact]
    public void A_short_axis_is_one_tile()
    {
        var tile = Assert.Single(TileAxis.Cut(length: 100, tile: 128, overlap: 32, margin: 8, step: 4));

        Assert.Equal(0, tile.Start);
        Assert.Equal(Enumerable.Repeat(1f, 100), tile.Weights);
    }

    [Fact]
    public void Tiles_cover_an_axis_with_weights_that_sum_to_one() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Int[4, 32], Gen.Double[0, 0.5], Gen.Int[0, 60], Gen.Int[0, 3].Select(i => 1 << i)).Sample((length, size, share, margin, step) =>
        {
            var tile = size * 16;
            var tiles = TileAxis.Cut(length, tile, (int)(tile * share), margin, step);

            var sums = new double[length];
            foreach (var t in tiles)
            {
                Assert.InRange(t.Length, 1, tile);
                Assert.Equal(0, t.Start % step);
                for (var i = 0; i < t.Length; i++)
                {
                    Assert.InRange(t.Weights[i], 0, 1.0001f);
                    sums[t.Start + i] += t.Weights[i];
                }
            }

            Assert.All(sums, s => Assert.Equal(1, s, 1e-5));
            Assert.All(tiles.Zip(tiles.Skip(1)), p => Assert.True(p.First.Start + p.First.Length - p.Second.Start >= (int)(tile * share)));
        }, iter: 200);

    [Fact]
    public void Pixels_near_an_inner_edge_do_not_count()
    {
        var tiles = TileAxis.Cut(length: 400, tile: 128, overlap: 64, margin: 20, step: 4);

        Assert.All(tiles.SkipLast(1), t => Assert.All(t.Weights[^20..], w => Assert.True(w < 1e-2)));
        Assert.All(tiles.Skip(1), t => Assert.All(t.Weights[..20], w => Assert.True(w < 1e-2)));
    }
}
