using System.Text.Json.Nodes;
using InMARS.Bench;
using InMARS.Cli.Benchmarks.Running;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Bench;

public sealed class BenchProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Results => _folder["bench", "results.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_quick_bench_measures_every_part_and_writes_what_it_prints()
    {
        var run = await Benches.RunAsync("--quick", "--output", _folder.Path);

        Assert.True(run.Code == 0, $"exit {run.Code}\n{run.Error}\n{run.Out}");
        var results = ResultsReader.Read(Results);
        Assert.True(results.Quick);
        Assert.Equal(BenchProgram.Parts.Where(p => !p.NeedsLabels).Select(p => p.Name), results.Parts.Select(p => p.Name));
        Assert.All(results.Parts, part =>
        {
            Assert.NotEmpty(part.Figures);
            Assert.Equal(part.Figures.Count, part.Figures.DistinctBy(f => f.Name).Count());
            Assert.Contains(PartTable.Of(BenchProgram.Parts.Single(p => p.Name == part.Name), part), run.Out, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Quality_is_measured_by_the_segmentations_of_images()
    {
        var (images, labels) = (_folder["images"], _folder["labels"]);
        Directory.CreateDirectory(images);
        Directory.CreateDirectory(labels);
        File.WriteAllBytes(Path.Combine(images, "a.png"), Pictures.Encode(".png", Pictures.Texture(60, 80)));
        File.WriteAllBytes(Path.Combine(labels, "a.png"), Pictures.Encode(".png", 60, 80, [.. Enumerable.Range(0, 4800).Select(i => (ushort)(i % 80 / 40))]));

        var run = await Benches.RunAsync("quality", "--quick", "--images", images, "--labels", labels, "--output", _folder.Path);

        Assert.True(run.Code == 0, $"exit {run.Code}\n{run.Error}\n{run.Out}");
        Assert.Equal(3, ResultsReader.Read(Results).Parts.Single().Figures.Count);
        Assert.All(["| opencv, asked for 100 |", "| simd, asked for 100 |", "| simd, asked for as many as opencv gave |"], row => Assert.Contains(row, run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Quality_asks_for_what_it_needs()
    {
        var run = await Benches.RunAsync("quality", "--images", _folder.Path);

        Assert.Equal(1, run.Code);
        Assert.Contains("bench quality needs --images DIR and --labels DIR", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e9, 0)]
    [InlineData(1e-9, 1)]
    public async Task What_got_worse_than_in_an_earlier_bench_is_marked_and_a_failure_where_asked_for(double then, int code)
    {
        var old = _folder["old.json"];
        ResultsFile.Write(old, Benches.Made(Benches.Part("index", Benches.Ms("all samples from the index that is kept", then))));

        var run = await Benches.RunAsync("index", "--quick", "--output", _folder.Path, "--compare", old, "--fail");

        Assert.Equal(code, run.Code);
        Assert.Contains("## Compared with 2026-11-22 18:00 (0.1.0+abc)", run.Out, StringComparison.Ordinal);
        Assert.Contains(code == 0 ? " | better |" : " | worse |", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_earlier_bench_that_is_damaged_stops_it_before_anything_is_measured()
    {
        var old = _folder["old.json"];
        File.WriteAllText(old, "{}");

        var run = await Benches.RunAsync("index", "--quick", "--output", _folder.Path, "--compare", old);

        Assert.Equal((1, "", $"bench: {old}: format: expected a text, found nothing\n"), run);
        Assert.False(File.Exists(Results));
    }

    [Fact]
    public async Task What_was_measured_before_a_part_broke_is_kept()
    {
        var parts = new[] { Part("first", new Measured("nothing", [Benches.Ms("a work", 1)])), new BenchPart("second", "breaks", _ => throw new InvalidOperationException("broken")) };
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var shell = new InMARS.Cli.Shell(output, error, [], _ => [], TimeProvider.System, TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => new BenchRun(new BenchRequest(null, null, null, _folder.Path), shell).RunAsync(parts));

        Assert.Equal("broken", e.Message);
        Assert.Equal("first", (string?)JsonNode.Parse(File.ReadAllText(Results))!["parts"]!.AsArray().Single()!["name"]);
    }

    [Fact]
    public async Task A_bench_that_is_interrupted_begins_no_further_part()
    {
        using var interrupt = new CancellationTokenSource();
        var begun = "";
        BenchPart[] parts = [Stopping("first"), Stopping("second")];
        var shell = new InMARS.Cli.Shell(TextWriter.Null, TextWriter.Null, [], _ => [], TimeProvider.System, interrupt.Token);

        await Assert.ThrowsAsync<OperationCanceledException>(() => new BenchRun(new BenchRequest(null, null, null, _folder.Path), shell).RunAsync(parts));

        Assert.Equal("first", begun);

        BenchPart Stopping(string name) => new(name, "a toy", _ =>
        {
            begun += name;
            interrupt.Cancel();
            return Task.FromResult(new Measured("nothing", [Benches.Ms("a work", 1)]));
        });
    }

    private static BenchPart Part(string name, Measured measured) => new(name, "a toy", _ => Task.FromResult(measured));
}
