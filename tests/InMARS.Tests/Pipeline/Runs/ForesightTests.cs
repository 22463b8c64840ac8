using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Stages;
using InMARS.Stages.Reports;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class ForesightTests : IDisposable
{
    private static readonly MemoryLimit Plenty = new(1L << 50, "machine");
    private static readonly MemoryLimit Little = new(64 << 20, "cgroup v2");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flow_of_images_tells_what_it_will_leave()
    {
        Images(count: 3, height: 96, width: 128);

        var foresight = await SurveyAsync(Plan(Predict("- use: image.decode\n      - use: superpixel.slic\n      - {use: baseline.random, with: {clusters: 3}}")), Plenty);

        Assert.Equal([new("label maps", Path.Combine(_folder.Path, "night", "predictions"), 3 * 2048)], foresight.Flows[0].Files.Where(f => f.What == "label maps"));
        // 12288 pixels of superpixels with an edge of 10, in blocks of 4 KiB.
        Assert.Equal(3 * 4096, foresight.Flows[0].Files.Single(f => f.What == "superpixels in the cache").Bytes);
    }

    [Theory]
    [InlineData("- {use: image.resize, with: {width: 256, height: 192}}", 192, 256)]
    [InlineData("- {use: image.resize, with: {scale: 0.5}}", 48, 64)]
    [InlineData("- {use: image.resize, with: {height: 48}}", 48, 64)]
    [InlineData("- {use: image.crop, with: {width: 10, height: 20}}", 20, 10)]
    [InlineData("- use: image.flip", 96, 128)]
    [InlineData("- use: image.jitter", 96, 128)]
    public async Task Stages_that_change_images_tell_their_size(string step, long height, long width)
    {
        Images(count: 1, height: 96, width: 128);

        var foresight = await SurveyAsync(Plan(Predict($"- use: image.decode\n      {step}\n      - use: superpixel.slic\n      - {{use: baseline.random, with: {{clusters: 3}}}}")), Plenty);

        Assert.Equal([new Extent(height, width)], foresight.Flows[0].Extents);
    }

    [Fact]
    public async Task Images_that_chance_changes_fill_the_cache_in_every_epoch()
    {
        Images(count: 2, height: 96, width: 128);

        var (still, flipped, cut) = (await CachedAsync("- use: image.decode"), await CachedAsync("- use: image.decode\n      - use: image.flip"), await CachedAsync("- use: image.decode\n      - use: image.jitter"));

        Assert.Equal((1L, 2L, 5L), (still / (2 * 4096), flipped / (2 * 4096), cut / (2 * 4096)));
    }

    [Fact]
    public async Task A_flow_whose_input_is_made_by_the_one_before_has_what_comes_out_of_that()
    {
        Images(count: 3, height: 96, width: 128);
        var text = Predict("- use: image.decode\n      - use: superpixel.slic\n      - {use: baseline.random, with: {clusters: 3}}")
            + $"  - name: again\n    source: {{use: folder.read, with: {{images: {_folder["not-yet"]}}}}}\n    steps:\n      - use: image.decode\n      - use: superpixel.slic\n    sinks: [{{use: write.superpixels}}]\n";

        var foresight = await SurveyAsync(Plan(text), Plenty);

        Assert.Equal(3, foresight.Flows[1].Items);
        Assert.Equal([new Extent(96, 128)], foresight.Flows[1].Extents.Distinct());
        Assert.Equal(3 * 8192, foresight.Flows[1].Files.Single(f => f.What == "superpixel maps").Bytes);
    }

    [Fact]
    public async Task A_source_that_throws_is_left_to_the_run()
    {
        var source = new Source<int>("guest", (_, _, _) => throw new InvalidOperationException("read"), (_, _) => throw new InvalidOperationException("count"));
        var plan = Plan(Predict("- use: image.decode\n      - use: superpixel.slic\n      - {use: baseline.random, with: {clusters: 3}}"));
        var guest = plan with { Flows = [plan.Flows[0] with { Graph = source >> Toy.Each<int>("end", _ => Task.CompletedTask) }] };

        Assert.Null((await SurveyAsync(guest, Plenty)).Flows[0].Items);
    }

    [Fact]
    public void A_batch_that_cannot_fit_by_the_run_file_alone_is_an_error_at_its_size()
    {
        var errors = Foresight.Of(Plan(Learn("- {use: image.crop, with: {width: 112, height: 112}}", "size: 8")), Little).Errors;

        Assert.Matches(
            @"^run\.yaml:9:36: flows\.train\.steps\[3\]\.with\.size: learn\.inmars needs about \d+ MiB for a step of 8 images of 112x112 pixels, but this process may use 64 MiB \(cgroup v2\); [1-7] such images would fit: "
            + @"set size of the step 'batch' to [1-7] or less, with accumulate for steps of as many images as before, or make images smaller \(image\.crop or image\.resize\)$",
            Assert.Single(errors).ToString());
    }

    [Fact]
    public void Nothing_is_said_of_a_batch_whose_images_are_known_by_headers_only() =>
        Assert.Empty(Foresight.Of(Plan(Learn("- use: image.flip", "size: 8")), Little).Errors);

    [Fact]
    public async Task A_batch_that_cannot_fit_by_the_headers_of_its_images_is_an_error_at_its_size()
    {
        Images(count: 8, height: 112, width: 112);
        var plan = Plan(Learn("- use: image.flip", "last: drop, size: 8"));

        Assert.StartsWith(
            "run.yaml:9:48: flows.train.steps[3].with.size: learn.inmars needs about ", Assert.Single((await SurveyAsync(plan, Little)).Errors).ToString(), StringComparison.Ordinal);
        Assert.Empty((await SurveyAsync(plan, Plenty)).Errors);
    }

    [Fact]
    public void A_size_that_nobody_wrote_is_told_at_its_step()
    {
        var error = Assert.Single(Foresight.Of(Plan(Learn("- {use: image.crop, with: {width: 112, height: 112}}", "last: drop")), Little).Errors);

        Assert.Equal(("run.yaml:9:28", "flows.train.steps[3].with.size"), (error.Where, error.Path));
    }

    [Fact]
    public async Task A_batch_is_never_larger_than_what_there_is()
    {
        Images(count: 1, height: 112, width: 112);

        Assert.Empty((await SurveyAsync(Plan(Learn("- use: image.flip", "size: 8")), Little)).Errors);
    }

    private async Task<long?> CachedAsync(string steps)
    {
        var foresight = await SurveyAsync(Plan(Predict($"{steps}\n      - use: superpixel.slic\n      - {{use: baseline.random, with: {{clusters: 3}}}}", epochs: 5)), Plenty);
        return foresight.Flows[0].Files.Single(f => f.What == "superpixels in the cache").Bytes;
    }

    private static Task<Foresight> SurveyAsync(RunPlan plan, MemoryLimit memory) =>
        Foresight.SurveyAsync(plan, Path.Combine(plan.Settings.Directory, "planned"), memory, TimeProvider.System, TestContext.Current.CancellationToken);

    private static RunPlan Plan(string text) => RunFile.Parse(text, "run.yaml", [], [new StandardStages()])
        .Match(plan => plan, errors => throw new InvalidOperationException(string.Join("; ", errors)));

    private string Predict(string steps, int epochs = 1) =>
        $$"""
        run: {name: night, device: cpu, output: {{_folder.Path}}, cache: {{_folder["cache"]}}}
        flows:
          - name: predict
            epochs: {{epochs}}
            source: {use: folder.read, with: {images: {{_folder["images"]}} } }
            steps:
              {{steps}}
            sinks: [{use: write.labels}]

        """;

    private string Learn(string step, string batch) =>
        $$"""
        run: {name: night, device: cpu, output: {{_folder.Path}}, cache: {{_folder["cache"]}}}
        flows:
          - name: train
            source: {use: folder.read, with: {images: {{_folder["images"]}} } }
            steps:
              - use: image.decode
              {{step}}
              - use: superpixel.slic
              - {use: batch, with: { {{batch}} } }
              - use: collate
              - {use: learn.inmars, with: {clusters: 5} }
            sinks: [{use: write.metrics}]

        """;

    private void Images(int count, int height, int width)
    {
        Directory.CreateDirectory(_folder["images"]);
        for (var i = 0; i < count; i++)
        {
            File.WriteAllBytes(_folder["images", $"{i}.png"], Png.Rgb8(height, width, new byte[height * width * 3]));
        }
    }
}
