using System.CommandLine;
using InMARS.Cli.Benchmarks;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars bench</c>: measures parts of the program on the user's own data.</summary>
internal static class BenchCommand
{
    public static Command Make(Shell shell)
    {
        var part = new Argument<string>("PART") { Description = "What is measured." };
        part.AcceptOnlyFromAmong("superpixels");
        var images = CommonOptions.Required("--images", "DIR", "Folder of images.").MustExist();
        var labels = CommonOptions.Optional("--labels", "DIR", "Segmentations of the images, NAME.png or NAME_1.png, NAME_2.png ...; speed only where absent.").MustExist();
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "Images that quality is measured on.", DefaultValueFactory = _ => 100 };
        var rounds = new Option<int>("--rounds") { HelpName = "N", Description = "Rounds of both engines in turn.", DefaultValueFactory = _ => 15 };
        limit.Validators.Add(ShardCommand.AtLeastOne);
        rounds.Validators.Add(ShardCommand.AtLeastOne);
        var command = new CliCommand(
            "bench",
            "Measures the engines of superpixel.slic against each other: time on one thread, and quality by segmentations.",
            "inmars bench superpixels --images bsds500/images --labels bsds500/labels",
            "inmars bench superpixels --images photos --rounds 30") { part, images, labels, limit, rounds };
        command.SetAction(parsed =>
        {
            var request = new SuperpixelBenchRequest(
                parsed.GetRequiredValue(images), parsed.GetValue(labels), parsed.GetValue(limit), parsed.GetValue(rounds));
            new SuperpixelBench(request, shell.Out, shell.Interrupt).Run();
            return ExitCodes.Clean;
        });
        return command;
    }
}
