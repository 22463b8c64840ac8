using InMARS.Stages.Reports;

namespace InMARS.Tests.Stages.Reports;

public class PaletteTests
{
    [Fact]
    public void Rgb_starts_with_the_colours_of_Okabe_and_Ito() => Assert.Equal([0x56, 0xB4, 0xE9, 0xE6, 0x9F, 0x00], Palette.Rgb(2));

    [Fact]
    public void Rgb_gives_different_colours_as_far_as_it_promises() =>
        Assert.Equal(Palette.Distinct, Palette.Rgb(Palette.Distinct).Chunk(3).Select(c => (c[0], c[1], c[2])).Distinct().Count());

    [Fact]
    public void Rgb_keeps_early_colours_well_apart() =>
        Assert.All(
            from a in Colours(16)
            from b in Colours(16)
            where a != b
            select Math.Abs(a.R - b.R) + Math.Abs(a.G - b.G) + Math.Abs(a.B - b.B),
            distance => Assert.True(distance >= 60, $"{distance}"));

    [Fact]
    public void Rgb_of_fewer_clusters_is_the_beginning_of_more() => Assert.Equal(Palette.Rgb(600)[..30], Palette.Rgb(10));

    private static List<(byte R, byte G, byte B)> Colours(int count) => [.. Palette.Rgb(count).Chunk(3).Select(c => (c[0], c[1], c[2]))];
}
