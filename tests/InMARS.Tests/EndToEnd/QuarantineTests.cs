using System.Text.Json.Nodes;
using InMARS.Tests.Cli;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

public sealed class QuarantineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_defect_is_in_quarantine_and_nothing_else()
    {
        var (result, quarantine) = await PredictAsync();

        Assert.True(result.Code == 3, result.Told);
        Assert.Equal(BadShards.Defects, quarantine.Told("predict"));
        Assert.Contains("the items are in quarantine/", result.Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_files_in_quarantine_are_those_of_the_shards_byte_for_byte()
    {
        var (_, quarantine) = await PredictAsync();

        var files = quarantine.Files("predict").Where(f => !f.Key.EndsWith(".json", StringComparison.Ordinal)).ToList();
        var shards = new[] { "a.tar", "c.tar" }.SelectMany(s => QuarantineFolder.Entries(_folder["data", s])).ToList();
        Assert.Equal(
            [
                "big.png", "c0.label.png", "c0.png", "cut.png", "empty.png", "etc_x_png.png", "ids.label.png", "ids.png", "label_only.label.png",
                "size.label.png", "size.png", "text.jpg", "tiny.png", "up_png.png", "zero.png",
            ],
            files.Select(f => f.Key).Order(StringComparer.Ordinal));
        Assert.All(files, f => Assert.Equal(shards.Last(s => s.Name == Original(f.Key)).Bytes, f.Value));
    }

    [Fact]
    public async Task What_cannot_be_read_again_says_why()
    {
        var (_, quarantine) = await PredictAsync();

        var notes = quarantine.Records("predict").Where(r => r.Note is not null).Select(r => $"{Path.GetFileName(r.Shard)}: {r.Note}").ToList();
        Assert.Equal(3, notes.Count);
        Assert.StartsWith("b.tar: shard ends within 'b1.png'; expected ", notes[0], StringComparison.Ordinal);
        Assert.Equal("d.tar: shard is empty; expected a tar file, found 0 bytes", notes[1]);
        Assert.StartsWith("e.tar: shard is damaged at its beginning", notes[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_bytes_do_not_depend_on_which_stage_was_first()
    {
        var (_, first) = await PredictAsync("--set", "flows.predict.steps=[{ steps: prepare }, { use: batch, with: { size: 1 } }, { use: segment, with: { model: MODEL } }]".Replace("MODEL", Model, StringComparison.Ordinal));
        var (expected, lines) = (first.Files("predict"), RejectLines());

        for (var again = 0; again < 3; again++)
        {
            var (_, next) = await PredictAsync("--overwrite");

            Assert.Equal(lines, RejectLines());
            Assert.Equal(expected, next.Files("predict"));
        }
    }

    [Fact]
    public async Task An_item_that_fails_in_every_epoch_is_there_once()
    {
        BadShards.Write(_folder["data"]);
        File.WriteAllText(_folder["run.yaml"], RunText.Baseline(_folder, "baseline.kmeans, with: { clusters: 2 }", epochs: 2));

        var result = await Product.RunAsync("run", _folder["run.yaml"]);

        Assert.True(result.Code == 3, result.Told);
        Assert.Equal(BadShards.Defects, Quarantine.Told("baseline"));
        Assert.All(Quarantine.Records("baseline"), r => Assert.Equal(0, r.Epoch));
        Assert.Equal(2 * BadShards.Defects.Length, RejectLines().Length);
    }

    [Theory]
    [InlineData("run.rejects.on_fault=stop")]
    [InlineData("run.rejects.max=2")]
    public async Task A_flow_that_its_rejects_have_stopped_leaves_them_and_its_books(string policy)
    {
        var (result, quarantine) = await PredictAsync("--set", policy);

        var run = new RunFolder(_folder["runs", "bad"]);
        var books = run.Metrics["items"]!["predict"]!;
        Assert.True(result.Code == 4, result.Told);
        Assert.Equal(run.Rejects, quarantine.Told("predict"));
        Assert.Equal(run.Rejects.Count, (int?)books["rejected"]);
        Assert.True((bool?)books["unfinished"]);
        Assert.Contains("## Flow predict, not finished", run.Text("summary.md"), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Files, f => f.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_reject_is_in_the_log_as_soon_as_it_happens()
    {
        await PredictAsync();

        var run = new RunFolder(_folder["runs", "bad"]);
        var kinds = run.Text("events.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (string?)JsonNode.Parse(l)!["kind"]).ToList();
        Assert.Equal(BadShards.Defects.Length, kinds.Count(k => k == "reject"));
        Assert.True(kinds.LastIndexOf("reject") < kinds.IndexOf("flow.ended"));
    }

    private string Model => _folder["model", "model.safetensors"];

    private QuarantineFolder Quarantine => new(_folder["runs", "bad", "quarantine"]);

    private string[] RejectLines() => File.ReadAllLines(_folder["runs", "bad", "rejects.jsonl"]);

    private async Task<(CliRun Result, QuarantineFolder Quarantine)> PredictAsync(params string[] further)
    {
        BadShards.Write(_folder["data"]);
        BadShards.WriteModel(Model);
        File.WriteAllText(_folder["run.yaml"], RunText.Predict(_folder, Model));
        return (await Product.RunAsync(["run", _folder["run.yaml"], .. further]), Quarantine);
    }

    private static string Original(string file) => file switch
    {
        "etc_x_png.png" => "/etc/x.png",
        "up_png.png" => "../../up.png",
        _ => file,
    };
}
