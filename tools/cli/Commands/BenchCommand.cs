using System.CommandLine;
using InMARS.Cli.Benchmarks;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars bench</c>: measures parts of the program on the user's machine.</summary>
internal static class BenchCommand
{
    private const string Superpixels = "superpixels";
    private const string Inference = "inference";

    public static Command Make(Shell shell)
    {
        var part = new Argument<string>("PART") { Description = "What is measured." };
        part.AcceptOnlyFromAmong(Superpixels, Inference);
        var images = CommonOptions.Optional("--images", "DIR", "Folder of images; superpixels needs it, and inference makes its own.").MustExist();
        var labels = CommonOptions.Optional("--labels", "DIR", "Segmentations of the images, NAME.png or NAME_1.png, NAME_2.png ...; speed only where absent.").MustExist();
        var limit = new Option<int?>("--limit") { HelpName = "N", Description = "Images that quality is measured on (100), or of a round of inference (32)." };
        var rounds = new Option<int?>("--rounds") { HelpName = "N", Description = "Rounds of everything in turn (15, of inference 7)." };
        limit.Validators.Add(ShardCommand.AtLeastOne);
        rounds.Validators.Add(ShardCommand.AtLeastOne);
        var command = new CliCommand(
            "bench",
            "Measures the engines of superpixel.slic against each other, or what a predicted image costs beside the bare convolutions of its network.",
            "inmars bench superpixels --images bsds500/images --labels bsds500/labels",
            "inmars bench superpixels --images photos --rounds 30",
            "inmars bench inference") { part, images, labels, limit, rounds };
        command.Validators.Add(result =>
        {
            if (result.GetValue(part) == Superpixels && result.GetValue(images) is null)
            {
                result.AddError("bench superpixels needs --images DIR, a folder of images");
            }
        });
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(part) == Inference)
            {
                await new InferenceBench(new InferenceBenchRequest(parsed.GetValue(limit) ?? 32, parsed.GetValue(rounds) ?? 7), shell).RunAsync();
                return ExitCodes.Clean;
            }

            var request = new SuperpixelBenchRequest(
                parsed.GetRequiredValue(images)!, parsed.GetValue(labels), parsed.GetValue(limit) ?? 100, parsed.GetValue(rounds) ?? 15);
            new SuperpixelBench(request, shell.Out, shell.Interrupt).Run();
            return ExitCodes.Clean;
        });
        return command;
    }
}
