using System.Formats.Tar;
using InMARS.Tests.Cli;
using InMARS.Tests.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

public sealed class RequeueTests : IDisposable
{
    private const string Lenient = "define.prepare.image.decode.with.labels.strict=false";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_passes_after_a_fix_is_as_if_it_had_never_failed()
    {
        WriteShards();
        await RunAsync("fixed", "--set", Lenient);
        var first = await RunAsync("bad");

        var again = await Product.RunAsync("requeue", Place("bad"), "--set", Lenient);

        Assert.True((first.Code, again.Code) == (3, 0), again.Told);
        Assert.Contains("predict: 2 of 2 items have passed and are in the outputs; 0 left in quarantine", again.Out, StringComparison.Ordinal);
        Assert.Equal(Digest("fixed"), Digest("bad"));
        Assert.Equal(["a0.png", "a1.png", "a2.png"], Run.Predictions["a.tar"]);
        Assert.Equal(["b0.png"], Run.Predictions["b.tar"]);
    }

    [Fact]
    public async Task The_books_follow()
    {
        WriteShards();
        await RunAsync("bad");

        await Product.RunAsync("requeue", Place("bad"), "--set", Lenient);

        var books = Run.Metrics["items"]!["predict"]!;
        Assert.Equal(("Clean", 0, 2, 4), ((string?)Run.Metrics["end"], (int?)books["rejected"], (int?)books["requeued"], (int?)books["read"]));
        Assert.Empty(Run.Rejects);
        Assert.Empty(Directory.GetFiles(_folder["runs", "bad", "quarantine"]));
        Assert.EndsWith("## Tried again, requeue-001\n\n- Flow predict: 2 of 2 rejected items have passed and are in its outputs now.\n\n", Run.Text("summary.md"), StringComparison.Ordinal);
        Assert.Equal(2, (int?)new RunFolder(_folder["runs", "bad", "requeue-001"]).Metrics["items"]!["predict"]!["read"]);
    }

    [Fact]
    public async Task Only_what_passes_leaves_the_quarantine()
    {
        BadShards.Write(_folder["data"]);
        await RunAsync("bad");

        var again = await Product.RunAsync("requeue", Place("bad"), "--set", Lenient);

        var left = BadShards.Defects.Where(d => !d.Contains(" ids ", StringComparison.Ordinal)).ToList();
        Assert.True(again.Code == 3, again.Told);
        Assert.Equal(["a0.png", "ids.png", "a1.png"], Run.Predictions["a.tar"]);
        Assert.Equal(left.Count, Quarantine.Records("predict").Count);
        Assert.Equal(left.Count, Run.Rejects.Count);
        Assert.Equal(Run.Rejects, Quarantine.Told("predict"));
        Assert.All(Quarantine.Records("predict"), r => Assert.Equal(2, r.Attempt));
        Assert.Equal(left.Count, (int?)Run.Metrics["items"]!["predict"]!["rejected"]);
    }

    [Fact]
    public async Task What_cannot_have_its_name_in_the_outputs_stays_and_says_so()
    {
        BadShards.Write(_folder["data"]);
        await RunAsync("bad");

        await Product.RunAsync("requeue", Place("bad"));

        var codes = Quarantine.Records("predict").Where(r => Path.GetFileName(r.Shard) == "c.tar").Select(r => $"{r.Key} {r.Stage} {r.Code}");
        Assert.Equal(
            ["../../up.png write.labels shard.unsafe_name", "/etc/x.png write.labels shard.unsafe_name", "c0 write.labels shard.duplicate_key"],
            codes.Order(StringComparer.Ordinal));
        Assert.Equal(["c0.png", "c1.png"], Run.Predictions["c.tar"]);
    }

    [Fact]
    public async Task An_item_that_was_mended_in_the_tar_passes()
    {
        BadShards.Write(_folder["data"]);
        await RunAsync("bad");
        var tar = _folder["runs", "bad", "quarantine", "predict.tar"];
        var mended = QuarantineFolder.Entries(tar).Select(e => e.Name == "cut.png" ? (e.Name, BadShards.Image()) : e).ToList();
        File.WriteAllBytes(tar, Tars.Of(TarEntryFormat.Ustar, mended));

        var again = await Product.RunAsync("requeue", Place("bad"));

        Assert.True(again.Code == 3, again.Told);
        Assert.Contains("cut.png", Run.Predictions["a.tar"]);
        Assert.DoesNotContain(Quarantine.Records("predict"), r => r.Key == "cut");
    }

    [Fact]
    public async Task An_item_whose_record_is_gone_is_left_and_told()
    {
        WriteShards();
        await RunAsync("bad");
        var tar = _folder["runs", "bad", "quarantine", "predict.tar"];
        File.WriteAllBytes(tar, Tars.Of(TarEntryFormat.Ustar, QuarantineFolder.Entries(tar).Select(e => e.Name == "a2.json" ? (e.Name, "{}"u8.ToArray()) : e)));

        var again = await Product.RunAsync("requeue", Place("bad"), "--set", Lenient);

        Assert.True(again.Code == 3, again.Told);
        Assert.Contains("predict: 1 item in quarantine, left there: the record in KEY.json that says where an item came from is gone or damaged; the first is 'a2'", again.Error, StringComparison.Ordinal);
        Assert.Contains("predict: 1 of 1 item has passed and is in the outputs; 0 left in quarantine", again.Out, StringComparison.Ordinal);
        Assert.Equal(["b0.png"], Run.Predictions["b.tar"]);
        Assert.Contains("a2.png", QuarantineFolder.Entries(tar).Select(e => e.Name));
    }

    [Fact]
    public async Task A_second_call_finds_nothing_to_do()
    {
        WriteShards();
        await RunAsync("bad");
        await Product.RunAsync("requeue", Place("bad"), "--set", Lenient);

        var again = await Product.RunAsync("requeue", Place("bad"));

        Assert.True(again.Code == 0, again.Told);
        Assert.Equal($"Nothing lies in the quarantine of '{Place("bad")}'.\n", again.Out);
    }

    [Fact]
    public async Task Maps_in_a_folder_are_added_to_it()
    {
        WriteShards();
        await RunAsync("bad", "--set", "flows.predict.sinks.write.labels.with.into=folder");

        var again = await Product.RunAsync("requeue", Place("bad"), "--set", Lenient);

        Assert.True(again.Code == 0, again.Told);
        Assert.Equal(["a0.png", "a1.png", "a2.png", "b0.png"], Directory.GetFiles(_folder["runs", "bad", "predictions"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_model_of_the_run_itself_is_found_and_other_flows_are_told_of()
    {
        WriteShards();
        File.WriteAllText(_folder["run.yaml"], RunText.Train(_folder));
        await Product.RunAsync("run", _folder["run.yaml"]);

        var again = await Product.RunAsync("requeue", Place("bad"), "--set", Lenient);

        Assert.True(again.Code == 3, again.Told);
        Assert.Contains("train: 2 items in quarantine, left there: the flow writes no label maps to add to", again.Out, StringComparison.Ordinal);
        Assert.Contains("predict: 2 of 2 items have passed", again.Out, StringComparison.Ordinal);
        Assert.Contains("evaluate: runs again, over the label maps as they are now", again.Out, StringComparison.Ordinal);
        Assert.Equal((4, 0), ((int?)Run.Metrics["items"]!["evaluate"]!["read"], (int?)Run.Metrics["items"]!["evaluate"]!["rejected"]));
        Assert.All(Run.Rejects, reject => Assert.DoesNotContain("pairs.no_partner", reject, StringComparison.Ordinal));
        Assert.Equal(4, Run.Predictions.Values.Sum(entries => entries.Length));
    }

    [Fact]
    public async Task A_run_that_has_not_ended_is_refused()
    {
        WriteShards();
        await RunAsync("bad", "--set", "run.rejects.on_fault=stop");

        var again = await Product.RunAsync("requeue", Place("bad"));

        Assert.True(again.Code == 2, again.Told);
        Assert.Contains($"has not ended, and its items may yet change; first: inmars resume {Place("bad")}", again.Error, StringComparison.Ordinal);
    }

    private RunFolder Run => new(_folder["runs", "bad"]);

    private QuarantineFolder Quarantine => new(_folder["runs", "bad", "quarantine"]);

    private string Place(string name) => _folder["runs", name];

    /// <summary>Two shards in which a2 and b0 alone are bad: their label ids are unknown.</summary>
    private void WriteShards()
    {
        Directory.CreateDirectory(_folder["data"]);
        Write("a", BadShards.Item("a0"), BadShards.Item("a1"), Unknown("a2"));
        Write("b", Unknown("b0"));
    }

    private void Write(string shard, params (string Name, byte[] Bytes)[][] items) =>
        File.WriteAllBytes(_folder["data", $"{shard}.tar"], Tars.Of(TarEntryFormat.Ustar, items.SelectMany(i => i)));

    private static (string Name, byte[] Bytes)[] Unknown(string key) => [($"{key}.png", BadShards.Image()), ($"{key}.label.png", BadShards.Labels(most: 77))];

    private Task<CliRun> RunAsync(string name, params string[] further)
    {
        var model = _folder["model", "model.safetensors"];
        BadShards.WriteModel(model);
        File.WriteAllText(_folder["run.yaml"], RunText.Predict(_folder, model));
        return Product.RunAsync(["run", _folder["run.yaml"], "--set", $"run.name={name}", .. further]);
    }

    private string[] Digest(string name) =>
        [.. Directory.GetFiles(_folder["runs", name, "predictions"]).Order(StringComparer.Ordinal).Select(f => $"{Path.GetFileName(f)} {Convert.ToHexString(File.ReadAllBytes(f))}")];
}
