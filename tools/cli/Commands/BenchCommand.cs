using System.CommandLine;
using InMARS.Cli.Benchmarks;
using InMARS.Cli.Benchmarks.Scale;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars bench</c>: measures parts of the program on the user's machine.</summary>
internal static class BenchCommand
{
    private const string Superpixels = "superpixels";
    private const string Inference = "inference";
    private const string Step = "step";

    public static Command Make(Shell shell)
    {
        var part = new Argument<string>("PART") { Description = "What is measured." };
        part.AcceptOnlyFromAmong(Superpixels, Inference, Step);
        var images = CommonOptions.Optional("--images", "DIR", "Folder of images; superpixels needs it, and the others make their own.").MustExist();
        var labels = CommonOptions.Optional("--labels", "DIR", "Segmentations of the images, NAME.png or NAME_1.png, NAME_2.png ...; speed only where absent.").MustExist();
        var limit = new Option<int?>("--limit") { HelpName = "N", Description = "Images that quality is measured on (100), of a round of inference (32), or of a step (8)." };
        var rounds = new Option<int?>("--rounds") { HelpName = "N", Description = "Rounds of everything in turn (15, of inference 7, of a step 20)." };
        limit.Validators.Add(ShardCommand.AtLeastOne);
        rounds.Validators.Add(ShardCommand.AtLeastOne);
        var command = new CliCommand(
            "bench",
            "Measures the engines of superpixel.slic against each other, what a predicted image costs beside the bare convolutions of its network, or what a step of training costs beside its passes through the network.",
            "inmars bench superpixels --images bsds500/images --labels bsds500/labels",
            "inmars bench superpixels --images photos --rounds 30",
            "inmars bench inference",
            "inmars bench step") { part, images, labels, limit, rounds };
        command.Subcommands.Add(ScaleCommand.Make(shell));
        command.Validators.Add(result =>
        {
            if (result.GetValue(part) == Superpixels && result.GetValue(images) is null)
            {
                result.AddError("bench superpixels needs --images DIR, a folder of images");
            }
        });
        command.SetAction(async (parsed, _) =>
        {
            var (most, times) = (parsed.GetValue(limit), parsed.GetValue(rounds));
            await (parsed.GetRequiredValue(part) switch
            {
                Inference => new InferenceBench(new InferenceBenchRequest(most ?? 32, times ?? 7), shell).RunAsync(),
                Step => new StepBench(new StepBenchRequest(most ?? 8, times ?? 20), shell).RunAsync(),
                _ => new SuperpixelBench(new SuperpixelBenchRequest(parsed.GetRequiredValue(images)!, parsed.GetValue(labels), most ?? 100, times ?? 15), shell.Out, shell.Interrupt).RunAsync(),
            });
            return ExitCodes.Clean;
        });
        return command;
    }
}
