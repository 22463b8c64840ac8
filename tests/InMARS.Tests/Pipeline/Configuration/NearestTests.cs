using CsCheck;
using InMARS.Pipeline.Configuration;

namespace InMARS.Tests.Pipeline.Configuration;

public class NearestTests
{
    private static readonly string[] Words = ["region_size", "iterations", "ruler"];

    [Theory]
    [InlineData("regoin_size", "; did you mean 'region_size'?")]
    [InlineData("region-size", "; did you mean 'region_size'?")]
    [InlineData("rulr", "; did you mean 'ruler'?")]
    [InlineData("batch", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Hint_names_the_nearest_word_if_it_is_near(string? found, string hint) =>
        Assert.Equal(hint, Nearest.Hint(found, Words));

    [Fact]
    public void Hint_is_silent_where_nothing_is_allowed() => Assert.Equal("", Nearest.Hint("x", []));

    [Fact]
    public void Hint_does_not_measure_very_long_words() => Assert.Equal("", Nearest.Hint(new string('x', 50_000_000), Words));

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("", "abc", 3)]
    public void Distance_has_the_known_values(string a, string b, int distance) => Assert.Equal(distance, Nearest.Distance(a, b));

    [Fact]
    public void Distance_is_symmetric_and_zero_only_between_equals() =>
        Gen.Select(Gen.String[Gen.Char["abc"], 0, 6], Gen.String[Gen.Char["abc"], 0, 6]).Sample((a, b) =>
            Nearest.Distance(a, b) == Nearest.Distance(b, a) && (Nearest.Distance(a, b) == 0) == (a == b));
}
