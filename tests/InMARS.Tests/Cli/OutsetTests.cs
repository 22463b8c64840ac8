using InMARS.Stages;
using InMARS.Stages.Reports;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class OutsetTests : IDisposable
{
    private const long Mebibyte = 1 << 20;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_whose_outputs_find_no_room_is_not_begun()
    {
        var run = await CliAsync(200 * Mebibyte, "run", Predict());

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Equal(
            $"inmars: the outputs would take about 1 MiB by estimate (label maps 1 MiB), but of the 200 MiB that are free at '{Directory}' 256 MiB are to stay so (run.min_free_mb); "
            + "make 57 MiB free, choose a run.output on another disk, or pass --accept to begin all the same: the run stops, and can be resumed, when the room is used up\n",
            run.Error);
        Assert.False(Path.Exists(Directory));
    }

    [Fact]
    public async Task A_run_that_finds_room_says_what_it_will_take_and_runs()
    {
        var run = await CliAsync(300 * Mebibyte, "run", Predict());

        Assert.True(run.Code == 0, run.Told);
        Assert.Contains(
            $"The outputs will take about 1 MiB by estimate (label maps 1 MiB); 300 MiB are free at '{Directory}', of which 256 MiB are to stay so.", System.IO.File.ReadAllText(_folder["night", "events.jsonl"]).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_accepts_begins_all_the_same()
    {
        var run = await CliAsync(200 * Mebibyte, "run", Predict(), "--accept");

        Assert.True(run.Code == 0, run.Told);
    }

    [Fact]
    public async Task What_an_overwritten_run_leaves_free_is_room()
    {
        Assert.Equal(0, (await CliAsync(300 * Mebibyte, "run", Predict())).Code);
        System.IO.File.WriteAllBytes(_folder["night", "large"], new byte[100 * Mebibyte]);

        Assert.Equal(0, (await CliAsync(200 * Mebibyte, "run", Predict(), "--overwrite")).Code);
    }

    [Fact]
    public async Task A_directory_that_may_not_be_emptied_is_told_first()
    {
        Assert.Equal(0, (await CliAsync(300 * Mebibyte, "run", Predict())).Code);

        var run = await CliAsync(0, "run", Predict());

        Assert.Equal(1, run.Code);
        Assert.Contains("is not empty", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    [InlineData("plan")]
    public async Task A_batch_that_no_memory_holds_is_an_error_of_the_run_file(string command)
    {
        var file = Learn("- {use: image.crop, with: {width: 20000, height: 20000}}");

        var run = await CliAsync(300 * Mebibyte, command, file);

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Matches(
            @"^\S+train\.yaml:9:36: flows\.train\.steps\[3\]\.with\.size: learn\.inmars needs about \d+ MiB for a step of (3|4096) images of 20000x20000 pixels, but this process may use \d+ MiB \([^)]+\); [^\n]+\n1 error\n$",
            run.Error);
        Assert.False(Path.Exists(Directory));
    }

    [Fact]
    public async Task A_run_stopped_early_is_gone_on_with_where_there_is_room_for_what_is_left()
    {
        var file = Predict("- {use: superpixel.slic, with: {cache: false}}\n      - {use: baseline.random, with: {clusters: 3}}");
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        Assert.Equal(75, (await CliRun.OfAsync(["run", file], [new StandardStages()], interrupt, freeSpace: _ => 300 * Mebibyte)).Code);

        var refused = await CliAsync(200 * Mebibyte, "resume", Directory);
        var resumed = await CliAsync(300 * Mebibyte, "resume", Directory);

        Assert.Equal(2, refused.Code);
        Assert.Contains("the outputs would take about 1 MiB", refused.Error, StringComparison.Ordinal);
        Assert.True(resumed.Code == 0, resumed.Told);
    }

    private string Directory => _folder["night"];

    private static Task<CliRun> CliAsync(long free, params string[] args) => CliRun.OfAsync(args, [new StandardStages()], freeSpace: _ => free);

    private string Predict(string? steps = null) => File("predict.yaml",
        $$"""
        run: {name: night, device: cpu, output: {{_folder.Path}}, cache: {{_folder["cache"]}}}
        flows:
          - name: predict
            source: {use: folder.read, with: {images: {{Images()}} } }
            steps:
              - use: image.decode
              {{steps ?? "- {use: superpixel.slic, with: {cache: false}}\n      - {use: baseline.random, with: {clusters: 3}}"}}
            sinks: [{use: write.labels}]

        """);

    private string Learn(string step) => File("train.yaml",
        $$"""
        run: {name: night, device: cpu, output: {{_folder.Path}}, cache: {{_folder["cache"]}}}
        flows:
          - name: train
            source: {use: folder.read, with: {images: {{Images()}} } }
            steps:
              - use: image.decode
              {{step}}
              - use: superpixel.slic
              - {use: batch, with: { size: 4096 } }
              - use: collate
              - {use: learn.inmars, with: {clusters: 5} }
            sinks: [{use: write.metrics}]

        """);

    private string File(string name, string text)
    {
        System.IO.File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    private string Images()
    {
        System.IO.Directory.CreateDirectory(_folder["images"]);
        for (var i = 0; i < 3; i++)
        {
            System.IO.File.WriteAllBytes(_folder["images", $"{i}.png"], Png.Rgb8(48, 64, new byte[48 * 64 * 3]));
        }

        return _folder["images"];
    }
}
