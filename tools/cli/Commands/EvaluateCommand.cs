using System.CommandLine;
using InMARS.Cli.Benchmarks;
using InMARS.Cli.Execution;
using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars evaluate</c>: scores label maps against true ones.</summary>
internal static class EvaluateCommand
{
    private const string Scratch = "runs/evaluate";

    public static Command Make(Shell shell)
    {
        var predictions = CommonOptions.Optional("--predictions", "DIR|TAR", "Predicted label maps: a folder, a shard, or a pattern of shards.").MustExist();
        var superpixels = CommonOptions.Optional("--superpixels", "DIR", "Superpixels in place of predictions: boundary recall, undersegmentation error and achievable accuracy; segmentations may be several, NAME_1.png and so on.").MustExist();
        var labels = CommonOptions.Required("--labels", "DIR|TAR", "True label maps of the same names.").MustExist();
        var ignore = new Option<string>("--ignore") { HelpName = "ID", Description = "Id of pixels that are not scored, or 'none'.", DefaultValueFactory = _ => "255" };
        var classes = CommonOptions.Optional("--classes", "A,B,C", "Class names in the order of their ids.");
        var resize = new Option<bool>("--resize") { Description = "Gives predictions of another size that of the truth, by nearest neighbour." };
        var partial = new Option<bool>("--partial") { Description = "Leaves out label maps without a prediction; else each counts as rejected." };
        var output = CommonOptions.Optional("--output", "DIR", $"Run directory to make; {Scratch} where absent, which every such call makes anew.");
        var (set, quiet) = (CommonOptions.Set(), CommonOptions.Quiet());
        var overwrite = CommonOptions.Overwrite("Empties the output folder first, if a run lies there.");
        var command = new CliCommand(
            "evaluate",
            "Scores label maps, ours or anyone's, against true ones: one assignment of clusters to classes over the whole set.",
            "inmars evaluate --predictions out/predictions --labels camvid/labels",
            "inmars evaluate --predictions out/predictions --labels 'data/test-*.tar' --classes sky,building,road --ignore none",
            "inmars evaluate --superpixels cut/superpixels --labels bsds500/labels --ignore none") { predictions, superpixels, labels, ignore, classes, resize, partial, output, set, overwrite, quiet };
        command.Validators.Add(result =>
        {
            if (result.GetResult(predictions) is null == result.GetResult(superpixels) is null)
            {
                result.AddError("expected either --predictions or --superpixels");
            }
        });
        command.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(superpixels) is { } folder)
            {
                return Task.FromResult(SuperpixelScores.Print(folder, parsed.GetRequiredValue(labels), Id(parsed.GetRequiredValue(ignore)), shell));
            }

            var text = EvaluateRun.Text(new EvaluateRequest(
                parsed.GetValue(predictions)!,
                parsed.GetRequiredValue(labels),
                parsed.GetValue(output) ?? Scratch,
                parsed.GetRequiredValue(ignore),
                parsed.GetValue(classes)?.Split(',', StringSplitOptions.TrimEntries) ?? [],
                parsed.GetValue(resize),
                parsed.GetValue(partial)));
            return RunExecution.ExecuteAsync(
                shell,
                RunFile.Parse(text, "evaluate", parsed.GetValue(set) ?? [], shell.BuiltIn),
                parsed.GetValue(overwrite) || parsed.GetValue(output) is null,
                parsed.GetValue(quiet));
        });
        return command;
    }

    private static int? Id(string ignore) => ignore == "none" ? null
        : ushort.TryParse(ignore, out var id) ? id
        : throw new RunException($"--ignore: expected an id up to {ushort.MaxValue} or 'none', found '{ignore}'");
}
