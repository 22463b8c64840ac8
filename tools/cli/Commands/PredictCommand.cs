using System.CommandLine;
using InMARS.Cli.Execution;
using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Configuration;
using InMARS.Stages.Learning;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars predict</c>: segments images with a trained model.</summary>
internal static class PredictCommand
{
    public static Command Make(Shell shell)
    {
        var model = CommonOptions.Required("--model", "RUN|FILE", "Run directory, checkpoint folder or .safetensors file.");
        var checkpoint = new Option<string>("--checkpoint")
        {
            HelpName = "NAME",
            Description = "Weights of the model: last, label_free, or a file of its folder such as step-000100.safetensors.",
            DefaultValueFactory = _ => "last",
        };
        var input = CommonOptions.Required("--input", "DIR|TAR|FILE", "Folder of images or of shards, a shard, a pattern of shards, or an image.").MustExist();
        var output = CommonOptions.Required("--output", "DIR", "Run directory to make; label maps go to DIR/predictions, overlays to DIR/overlays.");
        var regionSize = CommonOptions.Number("--region-size", "Superpixel edge, in pixels; as trained where absent.");
        var originalSize = new Option<bool>("--original-size") { Description = "Keeps the size of the images where the model was trained on resized ones." };
        var pixels = new Option<bool>("--pixels") { Description = "Gives each pixel a cluster of its own instead of each superpixel." };
        var (set, accept, quiet) = (CommonOptions.Set(), CommonOptions.Accept(), CommonOptions.Quiet());
        var overwrite = CommonOptions.Overwrite("Empties the output folder first, if a run lies there.");
        var command = new CliCommand(
            "predict",
            "Segments images with a trained model: label maps and overlays.",
            "inmars predict --model runs/sample --input photos --output out",
            "inmars predict --model runs/sample --input 'data/test-{000..004}.tar' --output out --overwrite",
            "inmars predict --model model.safetensors --input street.jpg --output out --region-size 12",
            "inmars predict --model runs/sample --checkpoint label_free --input photos --output out") { model, checkpoint, input, output, regionSize, originalSize, pixels, set, overwrite, accept, quiet };
        command.SetAction((parsed, _) =>
        {
            var request = new PredictRequest(
                Checkpoint.Resolve(parsed.GetRequiredValue(model)),
                parsed.GetRequiredValue(checkpoint),
                parsed.GetRequiredValue(input),
                parsed.GetRequiredValue(output),
                parsed.GetValue(regionSize),
                parsed.GetValue(originalSize),
                parsed.GetValue(pixels));
            var text = PredictRun.Text(request, Preparation.Of(request.Weights));
            return RunExecution.ExecuteAsync(
                shell, RunFile.Parse(text, "predict", parsed.GetValue(set) ?? [], shell.BuiltIn), parsed.GetValue(overwrite), parsed.GetValue(quiet), parsed.GetValue(accept));
        });
        return command;
    }
}
