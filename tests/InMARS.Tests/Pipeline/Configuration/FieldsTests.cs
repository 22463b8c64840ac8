using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Tests.Pipeline.Configuration;

public class FieldsTests
{
    [Fact]
    public void Read_gathers_the_errors_of_all_keys()
    {
        var errors = Errors("size: 300\nruler: x\nrulr: 1");

        Assert.Equal(
            ["f:1:7: size: expected 2 to 256, found 300", "f:2:8: ruler: expected a number, found 'x'", "f:3:1: rulr: unknown key; did you mean 'ruler'?"],
            errors);
    }

    [Fact]
    public void Require_says_what_is_missing_at_the_place_of_the_map() =>
        Assert.Equal(["f:1:1: size: expected a whole number, 2 to 256, found nothing"], Errors("ruler: 2"));

    [Fact]
    public void Get_writes_its_default_into_the_tree()
    {
        var root = Root("size: 4");

        _ = Fields.Read(root, Read);

        Assert.Equal("10", root["ruler"].Scalar);
        Assert.Equal("3", root["limits"]["most"].Scalar);
    }

    [Theory]
    [InlineData("limits:")]
    [InlineData("limits: ~")]
    [InlineData("limits: null")]
    [InlineData("limits: {}")]
    public void Group_reads_an_empty_value_as_an_empty_map(string limits)
    {
        var root = Root("size: 4\n" + limits);

        var read = Fields.Read(root, Read);

        Assert.Empty(read.ErrorsOrNone);
        Assert.Equal("3", root["limits"]["most"].Scalar);
    }

    [Theory]
    [InlineData("limits: 3", "f:2:9: limits: expected a map, found '3'")]
    [InlineData("limits: [3]", "f:2:9: limits: expected a map, found a list of 1")]
    public void Group_refuses_anything_else(string limits, string error) => Assert.Equal([error], Errors("size: 4\n" + limits));

    [Fact]
    public void A_key_of_a_group_written_with_a_dot_is_unknown() =>
        Assert.Equal(["f:2:1: limits.most: unknown key"], Errors("size: 4\nlimits.most: 2"));

    [Fact]
    public void Refuse_adds_an_error_at_the_key_it_names()
    {
        var errors = Fields.Read(Root("a: 2\nb: 1"), fields =>
        {
            var a = fields.Get("a", Decode.WholeNumber, 0, "");
            var b = fields.Get("b", Decode.WholeNumber, 0, "");
            fields.Refuse("b", $"expected at least {a}, found {b}");
            return a + b;
        }).ErrorsOrNone;

        Assert.Equal("f:2:4: b: expected at least 2, found 1", Assert.Single(errors).ToString());
    }

    [Fact]
    public void Describe_finds_keys_ranges_and_defaults_without_a_file()
    {
        var notes = Fields.Describe(Read);

        Assert.Equal(
            [
                new FieldNote("size", "a whole number, 2 to 256", null, "Edge, in pixels."),
                new FieldNote("ruler", "a number", "10", "Weight of distance."),
                new FieldNote("limits.most", "a whole number", "3", "At most."),
                new FieldNote("limits", "a map", "", "Limits."),
            ],
            notes);
    }

    private static int Read(Fields fields)
    {
        var size = fields.Require("size", Decode.WholeNumber.Between(2, 256), "Edge, in pixels.");
        _ = fields.Get("ruler", Decode.Number, 10, "Weight of distance.");
        return size + fields.Group("limits", f => f.Get("most", Decode.WholeNumber, 3, "At most."), "Limits.");
    }

    private static ConfigNode Root(string yaml)
    {
        var (root, errors) = YamlReader.Read(yaml, "f");
        Assert.Empty(errors);
        return root!;
    }

    private static IEnumerable<string> Errors(string yaml) => Fields.Read(Root(yaml), Read).ErrorsOrNone.Select(e => e.ToString());
}
