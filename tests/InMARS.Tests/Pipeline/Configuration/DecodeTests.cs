using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Tests.Pipeline.Configuration;

public class DecodeTests
{
    [Theory]
    [InlineData("8")]
    [InlineData("'8'")]
    [InlineData("!!int 8")]
    public void WholeNumber_reads_digits(string yaml) => Assert.Equal(8, Value(Decode.WholeNumber, yaml));

    [Theory]
    [InlineData("8.0", "expected a whole number, found '8.0'")]
    [InlineData("1e3", "expected a whole number, found '1e3'")]
    [InlineData("99999999999", "expected a whole number, found '99999999999'")]
    [InlineData("''", "expected a whole number, found an empty text")]
    [InlineData("~", "expected a whole number, found nothing")]
    [InlineData("[1, 2]", "expected a whole number, found a list of 2")]
    [InlineData("{a: 1}", "expected a whole number, found a map of 1 keys")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "expected a whole number, found 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'")]
    public void WholeNumber_refuses_anything_else(string yaml, string message) => Assert.Equal(message, Error(Decode.WholeNumber, yaml));

    [Theory]
    [InlineData("1e-3", 0.001)]
    [InlineData("-2", -2)]
    public void Number_reads_the_usual_forms(string yaml, double value) => Assert.Equal(value, Value(Decode.Number, yaml));

    [Theory]
    [InlineData(".nan")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("1,5")]
    public void Number_refuses_what_is_not_finite(string yaml) => Assert.Equal($"expected a number, found '{yaml}'", Error(Decode.Number, yaml));

    [Fact]
    public void Between_says_the_range_and_what_it_found() =>
        Assert.Equal("expected 2 to 256, found 1", Error(Decode.WholeNumber.Between(2, 256), "1"));

    [Fact]
    public void Between_takes_its_ends()
    {
        var decoder = Decode.WholeNumber.Between(2, 256);

        Assert.Equal(2, Value(decoder, "2"));
        Assert.Equal(256, Value(decoder, "256"));
    }

    [Fact]
    public void AtLeast_says_its_end_and_what_it_found() => Assert.Equal("expected 0 or more, found -1", Error(Decode.LongNumber.AtLeast(0), "-1"));

    [Fact]
    public void YesNo_takes_two_words_only()
    {
        Assert.True(Value(Decode.YesNo, "true"));
        Assert.Equal("expected true or false, found 'yes'", Error(Decode.YesNo, "yes"));
    }

    [Fact]
    public void OneOf_suggests_the_nearest_word() =>
        Assert.Equal("expected keep or drop, found 'kep'; did you mean 'keep'?", Error(Decode.OneOf(("keep", 1), ("drop", 2)), "kep"));

    [Fact]
    public void Or_gives_nothing_for_its_word()
    {
        var decoder = Decode.WholeNumber.Between(0, 255).Or("none");

        Assert.Null(Value(decoder, "none"));
        Assert.Equal(7, Value(decoder, "7"));
        Assert.Equal("whole number, 0 to 255, or none", decoder.Expected.Replace("a ", ""));
    }

    [Fact]
    public void ListOf_reports_every_bad_element_with_its_place()
    {
        var errors = Read(Decode.ListOf(Decode.WholeNumber), "[1, x, 3, y]").ErrorsOrNone;

        Assert.Equal(["f:1:5: [1]: expected a whole number, found 'x'", "f:1:11: [3]: expected a whole number, found 'y'"], errors.Select(e => e.ToString()));
    }

    [Fact]
    public void ListOf_refuses_a_plain_value() => Assert.Equal("expected a list, found 'x'", Error(Decode.ListOf(Decode.Text), "x"));

    [Fact]
    public void MapOf_keeps_the_order_of_the_file() =>
        Assert.Equal(["b", "a"], Value(Decode.MapOf(Decode.WholeNumber), "{b: 1, a: 2}").Select(e => e.Key));

    [Fact]
    public void MapOf_refuses_a_list() => Assert.Equal("expected a map, found a list of 1", Error(Decode.MapOf(Decode.Text), "[a]"));

    [Theory]
    [InlineData("camvid-5.b_2")]
    [InlineData("A")]
    public void Name_takes_what_is_safe_in_paths(string name) => Assert.Equal(name, Value(Decode.Name, name));

    [Theory]
    [InlineData("../up")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void Name_refuses_what_is_not(string name) =>
        Assert.Equal($"expected letters, digits, '-', '_' and '.' only, found '{name}'", Error(Decode.Name, name));

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("it's")]
    [InlineData("true")]
    [InlineData("08")]
    [InlineData("-")]
    [InlineData("a: b")]
    [InlineData("tab\tand\nline")]
    [InlineData("\u001b[2J")]
    public void Text_that_is_shown_reads_back(string text)
    {
        var shown = Decode.Text.Show(text);

        Assert.Equal(text, (YamlText.Parse(shown) as YamlDotNet.RepresentationModel.YamlScalarNode)?.Value);
    }

    private static Validated<T> Read<T>(Decoder<T> decoder, string yaml)
    {
        var (root, errors) = YamlReader.Read(yaml, "f");
        Assert.Empty(errors);
        return decoder.Read(root!);
    }

    private static T Value<T>(Decoder<T> decoder, string yaml) => Assert.IsType<Validated<T>.Valid>(Read(decoder, yaml)).Value;

    private static string Error<T>(Decoder<T> decoder, string yaml) => Assert.Single(Read(decoder, yaml).ErrorsOrNone).Message;
}
