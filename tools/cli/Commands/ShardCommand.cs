using System.CommandLine;
using InMARS.Cli.Display;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars shard</c>: packs folders of images and label maps into tar shards.</summary>
internal static class ShardCommand
{
    public static Command Make(Shell shell)
    {
        var images = CommonOptions.Required("--images", "DIR", "Folder of images; their bytes are packed as they are.").MustExist();
        var labels = CommonOptions.Optional("--labels", "DIR", "Folder of label maps (PNG) with the names of the images.").MustExist();
        var output = CommonOptions.Required("--output", "DIR", "Folder for the shards.");
        var perShard = new Option<int>("--per-shard") { HelpName = "N", Description = "Samples in a shard.", DefaultValueFactory = _ => 1000 };
        perShard.Validators.Add(AtLeastOne);
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "Shards are called NAME-000000.tar and so on.", DefaultValueFactory = _ => "shard" };
        var recursive = new Option<bool>("--recursive") { Description = "Packs folders within as well; their names become part of the keys." };
        var overwrite = CommonOptions.Overwrite("Lets the output folder hold something; shards of the same name are replaced.");
        var command = new CliCommand(
            "shard",
            "Packs a folder of images, and of label maps where there are any, into tar shards in the WebDataset convention.",
            "inmars shard --images camvid/images --labels camvid/labels --output data/camvid --per-shard 100",
            "inmars shard --images photos --recursive --output data/photos") { images, labels, output, perShard, name, recursive, overwrite };
        command.SetAction(parsed => Write(shell, new ShardingRequest(
            parsed.GetRequiredValue(images),
            parsed.GetValue(labels),
            parsed.GetRequiredValue(output),
            parsed.GetValue(perShard),
            parsed.GetRequiredValue(name),
            parsed.GetValue(overwrite),
            parsed.GetValue(recursive))));
        return command;
    }

    internal static void AtLeastOne(System.CommandLine.Parsing.OptionResult result)
    {
        if (int.TryParse(result.Tokens is [var token] ? token.Value : "", out var number) && number < 1)
        {
            result.AddError($"{result.Option.Name}: expected 1 or more, found {number}");
        }
    }

    private static int Write(Shell shell, ShardingRequest request)
    {
        var summary = ShardSet.Write(request, new CountLines(shell, "samples packed"), shell.Interrupt);
        shell.Out.WriteLine(
            $"{Plain.Count(summary.Samples, "sample")} in {Plain.Count(summary.Shards.Count, "shard")}, {summary.Bytes / 1048576.0:0.0} MiB, in {request.Output}");
        if (request.Labels is not null && summary.WithoutLabel > 0)
        {
            shell.Error.WriteLine($"warning: {Plain.Count(summary.WithoutLabel, "image")} without a label map");
        }

        if (summary.LabelsWithoutImage is [var first, ..] unused)
        {
            shell.Error.WriteLine($"warning: {Plain.Count(unused.Count, "label map")} without an image, left out; the first is '{Plain.OneLine(first)}'");
        }

        return ExitCodes.Clean;
    }
}
