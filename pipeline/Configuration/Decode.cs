using System.Globalization;
using System.Text.Json;
using InMARS.Pipeline.Outcomes;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Configuration;

/// <summary>The decoders that a run file is made of.</summary>
public static class Decode
{
    private const int LongestName = 128;

    public static Decoder<int> WholeNumber { get; } = Scalar<int>(
        "a whole number", s => int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null);

    public static Decoder<long> LongNumber { get; } = Scalar<long>(
        "a whole number", s => long.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null);

    public static Decoder<double> Number { get; } = Scalar<double>(
        "a number", s => double.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) && double.IsFinite(d) ? d : null);

    /// <summary>A time of day, hours and minutes.</summary>
    public static Decoder<TimeOnly> Clock { get; } = new(
        "a time of day such as '06:00', in quotes",
        node => TimeOnly.TryParseExact(node.Scalar, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : node.Error($"expected a time of day such as '06:00', in quotes, found {node.Found}"),
        time => $"'{time.ToString("HH:mm", CultureInfo.InvariantCulture)}'");

    public static Decoder<bool> YesNo { get; } = new(
        "true or false",
        node => node.Scalar switch
        {
            "true" => true,
            "false" => false,
            _ => node.Error($"expected true or false, found {node.Found}"),
        },
        b => b ? "true" : "false");

    public static Decoder<string> Text { get; } = new(
        "text",
        node => node.Scalar is { Length: > 0 } s ? s : node.Error($"expected text, found {node.Found}"),
        Quote);

    /// <summary>A name that is safe as a file name and as a key: letters, digits, dot, dash and underscore.</summary>
    public static Decoder<string> Name { get; } = Text with
    {
        Read = node => Text.Read(node).Bind(Validated<string> (s) =>
            s.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && s[0] is not '.' and not '-'
                ? s
                : node.Error($"expected letters, digits, '-', '_' and '.' only, found {node.Found}"))
            .Bind(Validated<string> (s) => s.Length <= LongestName ? s : node.Error($"expected at most {LongestName} characters, found {s.Length}")),
    };

    /// <summary>Anything, to be read later.</summary>
    public static Decoder<ConfigNode> Node { get; } = new("a value", node => node, _ => "");

    /// <summary>One of a few words.</summary>
    public static Decoder<T> OneOf<T>(params (string Word, T Value)[] words)
        where T : notnull
    {
        var expected = string.Join(" or ", words.Select(w => w.Word));
        return new Decoder<T>(
            expected,
            node => words.FirstOrDefault(w => w.Word == node.Scalar) is { Word: not null } found
                ? found.Value
                : node.Error($"expected {expected}, found {node.Found}{Nearest.Hint(node.Scalar, words.Select(w => w.Word))}"),
            value => words.First(w => w.Value.Equals(value)).Word);
    }

    public static Decoder<T> Between<T>(this Decoder<T> decoder, T low, T high)
        where T : IComparable<T>
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{low} to {high}");
        return new Decoder<T>(
            $"{decoder.Expected}, {range}",
            node => decoder.Read(node).Bind(Validated<T> (x) =>
                x.CompareTo(low) >= 0 && x.CompareTo(high) <= 0
                    ? x
                    : node.Error(string.Create(CultureInfo.InvariantCulture, $"expected {range}, found {x}"))),
            decoder.Show);
    }

    public static Decoder<T> AtLeast<T>(this Decoder<T> decoder, T low)
        where T : IComparable<T>
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{low} or more");
        return new Decoder<T>(
            $"{decoder.Expected}, {range}",
            node => decoder.Read(node).Bind(Validated<T> (x) =>
                x.CompareTo(low) >= 0 ? x : node.Error(string.Create(CultureInfo.InvariantCulture, $"expected {range}, found {x}"))),
            decoder.Show);
    }

    /// <summary>A list; every element's errors are reported.</summary>
    public static Decoder<IReadOnlyList<T>> ListOf<T>(Decoder<T> element) => new(
        $"list of {element.Expected}",
        node => node.Items().Bind(items => items.Select(element.Read).Gather()),
        list => $"[{string.Join(", ", list.Select(element.Show))}]");

    /// <summary>A map from names to values, in the order of the file.</summary>
    public static Decoder<IReadOnlyList<KeyValuePair<string, T>>> MapOf<T>(Decoder<T> value) => new(
        $"map of names to {value.Expected}",
        node => node.Entries().Bind(entries => entries
            .Select(e => value.Read(e.Value).Map(v => KeyValuePair.Create(e.Key, v)))
            .Gather()),
        map => $"{{{string.Join(", ", map.Select(e => $"{Quote(e.Key)}: {value.Show(e.Value)}"))}}}");

    /// <summary>A value, or the word <paramref name="word"/> for none.</summary>
    public static Decoder<T?> Or<T>(this Decoder<T> decoder, string word)
        where T : struct => new(
            $"{decoder.Expected}, or {word}",
            node => node.Scalar == word ? new Validated<T?>.Valid(null) : decoder.Read(node).Map(x => (T?)x),
            x => x is { } value ? decoder.Show(value) : word);

    private static Decoder<T> Scalar<T>(string expected, Func<string, T?> parse)
        where T : struct, IFormattable => new(
            expected,
            node => node.Yaml is YamlScalarNode { Value: { Length: > 0 } s } && parse(s) is { } value
                ? value
                : node.Error($"expected {expected}, found {node.Found}"),
            value => value.ToString(null, CultureInfo.InvariantCulture));

    private static string Quote(string s) => s switch
    {
        "true" or "false" or "null" => $"'{s}'",
        [var first, ..] when (char.IsAsciiLetter(first) || first is '.' or '/') && s.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.') => s,
        _ when s.Any(char.IsControl) => JsonSerializer.Serialize(s),
        _ => $"'{s.Replace("'", "''")}'",
    };
}
