using System.Globalization;
using System.Text.Json;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>Reads what an earlier bench wrote.</summary>
internal static class ResultsReader
{
    /// <exception cref="RunException">It cannot be read, is damaged, or is of another version; the message names file and key, what was expected and what was found.</exception>
    public static BenchResults Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return Results(new Place(path, "", json.RootElement));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunException($"{path}: expected the results of a bench, as JSON: {e.Message}", e);
        }
    }

    private static BenchResults Results(Place root)
    {
        root.Field("format").Expect(ResultsFile.Format);
        root.Field("version").Expect(ResultsFile.Version);
        return new BenchResults(
            root.Field("program").Text(), root.Field("started").Date(), root.Field("quick").YesNo(), Machine(root.Field("machine")), [.. root.Field("parts").Items().Select(Part)]);
    }

    private static Machine Machine(Place m) => new(
        (int)m.Field("cores").Number(),
        m.Field("processor").Text(),
        m.Field("system").Text(),
        m.Field("dotnet").Text(),
        m.Field("libtorch").Text(),
        m.Field("opencv").Text());

    private static PartResult Part(Place p) => new(
        p.Field("name").Text(),
        p.Field("setting").Text(),
        p.Field("load_before").Number(),
        p.Field("load_after").Number(),
        p.Field("seconds").Number(),
        [.. p.Field("figures").Items().Select(Figure)]);

    private static Figure Figure(Place f) => new(f.Field("name").Text(), f.Field("median").Number(), f.Field("unit").Text(), f.Field("kind").Word<FigureKind>())
    {
        Fastest = f.Field("fastest").NumberOrNull(),
        Rounds = (int)f.Field("rounds").Number(),
        Better = f.Field("better").Word<Better>(),
        Target = f.Field("target").NumberOrNull(),
    };

    /// <summary>A value, and where it stands.</summary>
    /// <param name="Key">Such as <c>parts[0].name</c>.</param>
    private readonly record struct Place(string File, string Key, JsonElement Value)
    {
        public Place Field(string name)
        {
            var key = Key.Length == 0 ? name : $"{Key}.{name}";
            return Value.ValueKind == JsonValueKind.Object
                ? new Place(File, key, Value.TryGetProperty(name, out var value) ? value : default)
                : throw Wrong("an object");
        }

        public IEnumerable<Place> Items()
        {
            var here = this;
            return Value.ValueKind == JsonValueKind.Array
                ? Value.EnumerateArray().Select((item, i) => new Place(here.File, $"{here.Key}[{i}]", item))
                : throw Wrong("a list");
        }

        public string Text() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Wrong("a text");

        public double Number() => Value.ValueKind == JsonValueKind.Number ? Value.GetDouble() : throw Wrong("a number");

        public double? NumberOrNull() => Value.ValueKind == JsonValueKind.Null ? null : Number();

        public bool YesNo() => Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw Wrong("true or false");

        public DateTimeOffset Date() => Value.ValueKind == JsonValueKind.String && Value.TryGetDateTimeOffset(out var date) ? date : throw Wrong("a date");

        public T Word<T>()
            where T : struct, Enum
        {
            var found = Value.ValueKind == JsonValueKind.String ? Value.GetString() : null;
            T[] known = [.. Enum.GetValues<T>().Where(value => ResultsFile.Word(value) == found)];
            return known is [var value] ? value : throw Wrong(string.Join(" or ", Enum.GetValues<T>().Select(ResultsFile.Word)));
        }

        public void Expect(string text)
        {
            if (Text() != text)
            {
                throw Wrong($"'{text}'");
            }
        }

        public void Expect(int number)
        {
            if (Number() != number)
            {
                throw Wrong(number.ToString(CultureInfo.InvariantCulture));
            }
        }

        private RunException Wrong(string expected) => new(
            $"{File}: {(Key.Length == 0 ? "its whole" : Key)}: expected {expected}, found {(Value.ValueKind == JsonValueKind.Undefined ? "nothing" : Value.GetRawText())}");
    }
}
