using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Learning;

public sealed class SnapshotsTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    private string Folder => Path.Combine(_context.Run.Directory, "checkpoints");

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Models_are_kept_at_even_distances_and_at_the_end()
    {
        Train(Options(4), steps: 12);

        Assert.Equal(
            ["model.safetensors", "step-000004.safetensors", "step-000007.safetensors", "step-000010.safetensors", "step-000012.safetensors"],
            Directory.GetFiles(Folder, "*.safetensors").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        var selection = Selection.Load(Folder);
        Assert.Equal([4, 7, 10, 12], selection.Snapshots.Select(s => s.Step));
        Assert.Equal([4, 3, 3, 2], selection.Snapshots.Select(s => s.Steps));
        Assert.Contains(selection.Snapshots, s => s.Name == selection.LabelFree);
    }

    [Fact]
    public void The_last_snapshot_is_the_model_of_the_flow()
    {
        Train(Options(2), steps: 4);

        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder, "model.safetensors")), File.ReadAllBytes(Path.Combine(Folder, "step-000004.safetensors")));
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(Folder, "model.safetensors")), File.ReadAllBytes(Path.Combine(Folder, "step-000003.safetensors")));
    }

    [Fact]
    public void Figures_are_means_of_the_steps_since_the_snapshot_before()
    {
        var reports = Train(Options(2), steps: 6);

        var second = Selection.Load(Folder).Snapshots[1];
        Assert.Equal(reports.Skip(4).Average(r => r.MutualInformation) / Math.Log(Scene.Clusters), second.MutualInformationShare, 1e-12);
        Assert.Equal(1 - reports.Skip(4).Average(r => r.FlippedByNoise), second.AgreementUnderNoise!.Value, 1e-12);
        Assert.Equal(1 - reports.Skip(4).Average(r => r.FlippedBySpace), second.AgreementUnderSpace!.Value, 1e-12);
        Assert.InRange(second.LargestShare, 1.0 / Scene.Clusters, 1);
    }

    [Fact]
    public void A_perturbation_that_is_off_has_no_agreement()
    {
        var options = Options(1);

        Train(options with { Objective = options.Objective with { Spatial = new SpatialOptions(Weight: 0) } }, steps: 2);

        Assert.Null(Assert.Single(Selection.Load(Folder).Snapshots).AgreementUnderSpace);
    }

    [Fact]
    public void Labels_change_neither_weights_nor_choice()
    {
        using var other = new FakeStageContext();
        Train(Options(3), steps: 6);
        Train(Options(3), steps: 6, other, labelled: true);

        Assert.All(Directory.GetFiles(Folder), path =>
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(other.Run.Directory, "checkpoints", Path.GetFileName(path)))));
    }

    [Fact]
    public void Watching_changes_nothing_of_what_is_learned()
    {
        using var other = new FakeStageContext();
        Train(Options(0), steps: 6);
        Train(Options(5), steps: 6, other);

        Assert.Equal(["model.json", "model.safetensors"], Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order());
        Assert.All(Directory.GetFiles(Folder), path =>
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(other.Run.Directory, "checkpoints", Path.GetFileName(path)))));
    }

    [Fact]
    public void Where_the_length_of_the_flow_is_unknown_only_the_last_model_is_kept()
    {
        Train(Options(5), steps: 4, progress: _ => double.NaN);

        Assert.Equal([4], Selection.Load(Folder).Snapshots.Select(s => s.Step));
    }

    [Fact]
    public void The_report_names_the_choice_and_keeps_the_last_as_headline()
    {
        Train(Options(2), steps: 4);

        Assert.Contains(
            _context.Reports.Single().Notes,
            n => n.StartsWith("Label-free best of 2 snapshots: step-0000", StringComparison.Ordinal) && n.EndsWith("; the last model stays the headline.", StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_are_found_by_word_and_by_file()
    {
        Train(Options(2), steps: 4);
        var model = Checkpoint.Resolve(_context.Run.Directory);

        Assert.Equal(model, Selection.Weights(model, "last"));
        Assert.Equal(Path.Combine(Folder, Selection.Load(Folder).LabelFree), Selection.Weights(model, "label_free"));
        Assert.Equal(Path.Combine(Folder, "step-000003.safetensors"), Selection.Weights(model, "step-000003.safetensors"));
        Assert.Equal(
            $"no weights found at '{Path.Combine(Folder, "best")}' or 'best'; expected last, label_free or a .safetensors file of '{Folder}'",
            Assert.Throws<RunException>(() => Selection.Weights(model, "best")).Message);
    }

    [Fact]
    public void A_choice_without_snapshots_is_told()
    {
        Train(Options(0), steps: 1);

        Assert.Equal(
            $"there is no '{Path.Combine(Folder, "selected.json")}', which a learner writes where its option snapshots is above 0",
            Assert.Throws<RunException>(() => Selection.Weights(Checkpoint.Resolve(_context.Run.Directory), "label_free")).Message);
    }

    [Theory]
    [InlineData("{", "does not describe snapshots: ")]
    [InlineData("""{"format":"x","label_free":"a","rule":"","snapshots":[]}""", "its format is 'x', expected 'inmars.selection.1'")]
    [InlineData("""{"format":"inmars.selection.1","label_free":"a","rule":"","snapshots":[]}""", "it lists no snapshots")]
    public void A_damaged_choice_is_told(string json, string message)
    {
        File.WriteAllText(_context.PathInRun("checkpoints", "selected.json"), json);

        Assert.Contains(message, Assert.Throws<RunException>(() => Selection.Load(Folder)).Message, StringComparison.Ordinal);
    }

    private static LearnerOptions Options(int snapshots) => new(
        new TrainingOptions(Scene.Clusters, LearningRate: 0.01) { Network = Scene.SmallNetwork, Watch = new WatchOptions(Snapshots: snapshots) },
        new InmarsOptions());

    private List<TrainingReport> Train(
        LearnerOptions options, int steps, FakeStageContext? context = null, bool labelled = false, Func<int, double>? progress = null)
    {
        using var learner = LearningEntries.Open(options, context ?? _context);
        using var batch = Batch(labelled);
        var reports = Enumerable.Range(0, steps)
            .SelectMany(i => ((Result<IReadOnlyList<TrainingReport>>.Ok)learner.Step(batch, new ItemContext(i, 0, (ulong)i * 77, progress?.Invoke(i) ?? (double)i / steps))).Value)
            .ToList();
        learner.Finish();
        return reports;
    }

    private static ImageBatch Batch(bool labelled)
    {
        var random = new Random(1);
        var maps = Enumerable.Range(0, 4).Select(i => Scene.Halves($"image{i}", 24, random)).Select(map => labelled ? Labelled(map) : map).ToList();
        return ((Result<ImageBatch>.Ok)Collation.Collate(maps)).Value;
    }

    private static SuperpixelMap Labelled(SuperpixelMap map) =>
        map with { Image = map.Image with { Truth = new LabelMap(map.Image.Height, map.Image.Width, [.. map.Labels.Select(l => (ushort)(l % 3))]) } };
}
