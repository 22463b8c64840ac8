using System.Text.Json.Nodes;
using InMARS.Stages;
using InMARS.Stages.Reports;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class PlanCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_refuses_nothing_is_planned_without_touching_its_directory()
    {
        var run = await PlanAsync(Toys("- use: toy.add"));

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith($"Plan of run 'toys' into {_folder["runs", "toys"]}\n\nmain: 10 images\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("\nmain    10      5 ", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("images in main.\nRefused: nothing, as far as was looked.\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(["run.yaml"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Errors_of_the_run_file_are_those_of_validate()
    {
        var file = Toys("- use: toy.ad");

        Assert.Equal(await CliRun.OfAsync(["validate", file]), await CliRun.OfAsync(["plan", file]));
        Assert.Equal(2, (await CliRun.OfAsync(["plan", file])).Code);
    }

    [Fact]
    public async Task What_a_stage_refuses_is_told_with_its_reason()
    {
        var run = await PlanAsync(Toys("- {use: toy.refuse, with: {multiples_of: 3}}"));

        Assert.Equal(3, run.Code);
        Assert.EndsWith(
            "Would be refused:\n  main: toy.refuse refuses 4 of 10 looked at; the first: toys:000: toy.multiple: expected no multiple of 3, found 0\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flow_that_cannot_run_is_told_and_those_behind_it_are_not_known()
    {
        var run = await PlanAsync(Toys("- {use: toy.break, with: {how: disk}}"));

        Assert.Equal(3, run.Code);
        Assert.EndsWith("Would be refused:\n  flow 'main': the disk '[/mnt]' is full\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("\nmain    10      5       -         ?     ?       ?\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_that_decoding_refuses_are_found_wherever_they_lie()
    {
        Save("a.tar", 60, i => i == 37 ? 9 : i % 2);

        var run = await PlanAsync(Scenes("*.tar"), "--set", "flows.cut.steps.image.decode.with.labels={strict: true, classes: {a: [0], b: [1, 9]}}");
        var refusing = await PlanAsync(Scenes("*.tar"), "--set", "flows.cut.steps.image.decode.with.labels={strict: true, classes: {a: [0]}}");

        Assert.True(run.Code == 0, run.Told);
        Assert.Contains("cut: 60 images in 1 file, 0.2 MiB\n  of 48 looked at: 32 x 32 pixels; 3 bands; PNG\n  ids of 48 label maps, with their share of the pixels: 0 (", run.Out, StringComparison.Ordinal);
        Assert.Equal(3, refusing.Code);
        Assert.Contains("label.unknown_id: id 1 is in no class; it stands first at pixel 0, counted row by row\n", refusing.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_that_headers_tell_to_be_wrong_are_counted_all()
    {
        Save("a.tar", 4, _ => 0);
        Save("b.tar", 4, _ => 0);
        using (var shard = ShardWriter.Create(_folder["c.tar"]))
        {
            _ = shard.Write("x", new ShardPart("json", [1]));
            shard.Commit();
        }

        var run = await PlanAsync(Scenes("*.tar"), "--json");

        var plan = JsonNode.Parse(run.Out)!;
        Assert.Equal((3, 9L), (run.Code, (long?)plan["flows"]![0]!["items"]));
        Assert.Equal($"4 samples have the key of an earlier one; the first: '0000' in '{_folder["a.tar"]}' and '{_folder["b.tar"]}'", (string?)plan["flows"]![0]!["notes"]![0]);
        var refused = plan["refused"]![0]!;
        Assert.Equal(("shard.read", 1L, 9L), ((string?)refused["stage"], (long?)refused["count"], (long?)refused["looked_at"]));
        Assert.StartsWith($"{_folder["c.tar"]}:x: shard.no_image: ", (string?)refused["first"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_that_is_not_there_is_told_in_a_sentence()
    {
        var run = await PlanAsync(Scenes("none-*.tar"));

        Assert.Equal(3, run.Code);
        Assert.EndsWith($"Would be refused:\n  flow 'cut': no shard matches '{_folder["none-*.tar"]}'; looked in folder '{_folder.Path}'\n", run.Out, StringComparison.Ordinal);
    }

    private static Task<CliRun> PlanAsync(string file, params string[] more) =>
        CliRun.OfAsync(["plan", file, .. more], [new ToyStages(), new StandardStages()]);

    private string Toys(string step) => Write(
        $$"""
        run: {name: toys, output: {{_folder["runs"]}}}
        flows:
          - name: main
            epochs: 5
            source: {use: toy.count}
            steps:
              {{step}}
            sinks: [{use: toy.collect}]
        """);

    private string Scenes(string pattern) => Write(
        $$"""
        run: {name: scenes, output: {{_folder["runs"]}}, cache: {{_folder["cache"]}} }
        flows:
          - name: cut
            source: {use: shard.read, with: {path: "{{_folder[pattern]}}"} }
            steps:
              - use: image.decode
              - {use: superpixel.slic, with: {region_size: 8} }
            sinks: [{use: write.superpixels}]
        """);

    private string Write(string text)
    {
        File.WriteAllText(_folder["run.yaml"], text);
        return _folder["run.yaml"];
    }

    private void Save(string name, int count, Func<int, int> id)
    {
        using var shard = ShardWriter.Create(_folder[name]);
        for (var i = 0; i < count; i++)
        {
            var image = Png.Rgb8(32, 32, [.. Enumerable.Range(0, 3072).Select(p => (byte)(p * 7 / (i + 1)))]);
            _ = shard.Write($"{i:D4}", new ShardPart("png", image), new ShardPart("label.png", Png.Grey8(32, 32, [.. Enumerable.Repeat((byte)id(i), 1024)])));
        }

        shard.Commit();
    }
}
