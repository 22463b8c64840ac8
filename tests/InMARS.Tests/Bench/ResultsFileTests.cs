using InMARS.Cli.Benchmarks.Running;
using InMARS.Pipeline.Outcomes;
using InMARS.Tests.Support;
using Figure = InMARS.Cli.Benchmarks.Running.Figure;

namespace InMARS.Tests.Bench;

public sealed class ResultsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["bench", "results.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_is_this_text()
    {
        ResultsFile.Write(File, Benches.Made(Benches.Part("toy", Benches.Ms("a work", 8) with { Fastest = 6, Rounds = 3, Target = 10 }, new Figure("rate", 5, "images/s", FigureKind.Rate))));

        Assert.Equal(
            """
            {
              "format": "inmars.bench",
              "version": 1,
              "program": "0.1.0+abc",
              "started": "2026-11-22T18:00:00+00:00",
              "quick": false,
              "machine": {
                "cores": 2,
                "processor": "Some processor",
                "system": "Some system",
                "dotnet": "10.0.1",
                "libtorch": "2.10.0",
                "opencv": "4.13.0"
              },
              "parts": [
                {
                  "name": "toy",
                  "setting": "some images",
                  "load_before": 0.5,
                  "load_after": 1.25,
                  "seconds": 2,
                  "figures": [
                    {
                      "name": "a work",
                      "median": 8,
                      "fastest": 6,
                      "unit": "ms",
                      "rounds": 3,
                      "kind": "time",
                      "better": "lower",
                      "target": 10,
                      "met": true
                    },
                    {
                      "name": "rate",
                      "median": 5,
                      "fastest": null,
                      "unit": "images/s",
                      "rounds": 1,
                      "kind": "rate",
                      "better": "higher",
                      "target": null,
                      "met": null
                    }
                  ]
                }
              ]
            }
            """.ReplaceLineEndings("\n"),
            System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        var results = Benches.Made(Benches.Part("toy", Benches.Ms("a work", 8.125) with { Fastest = 6, Rounds = 3, Target = 10, Better = Better.Higher }), Benches.Part("empty"));
        ResultsFile.Write(File, results);

        var read = ResultsReader.Read(File);

        Assert.Equal(results with { Parts = [] }, read with { Parts = [] });
        Assert.Equivalent(results.Parts, read.Parts, strict: true);
    }

    [Theory]
    [InlineData("\"format\": \"inmars.bench\"", "\"format\": \"other\"", "format: expected 'inmars.bench', found \"other\"")]
    [InlineData("\"version\": 1", "\"version\": 2", "version: expected 1, found 2")]
    [InlineData("\"cores\": 2", "\"cores\": \"2\"", "machine.cores: expected a number, found \"2\"")]
    [InlineData("\"median\": 8,", "", "parts[0].figures[0].median: expected a number, found nothing")]
    [InlineData("\"kind\": \"time\"", "\"kind\": \"times\"", "parts[0].figures[0].kind: expected time or rate or ratio or bytes, found \"times\"")]
    [InlineData("\"setting\": \"some images\"", "\"setting\": null", "parts[0].setting: expected a text, found null")]
    [InlineData("\"quick\": false", "\"quick\": 0", "quick: expected true or false, found 0")]
    [InlineData("2026-11-22T18:00:00+00:00", "yesterday", "started: expected a date, found \"yesterday\"")]
    public void What_cannot_be_read_is_told_by_file_key_and_value(string good, string bad, string told)
    {
        ResultsFile.Write(File, Benches.Made(Benches.Part("toy", Benches.Ms("a work", 8))));
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace(good, bad, StringComparison.Ordinal));

        Assert.Equal($"{File}: {told}", Assert.Throws<RunException>(() => ResultsReader.Read(File)).Message);
    }

    [Theory]
    [InlineData("{ \"format\": ", "expected the results of a bench, as JSON: ")]
    [InlineData("", "expected the results of a bench, as JSON: ")]
    [InlineData("[]", "its whole: expected an object, found []")]
    public void A_file_of_another_kind_is_told(string text, string told)
    {
        var path = _folder["other.json"];
        System.IO.File.WriteAllText(path, text);

        Assert.StartsWith($"{path}: {told}", Assert.Throws<RunException>(() => ResultsReader.Read(path)).Message, StringComparison.Ordinal);
    }
}
