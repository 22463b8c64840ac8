using System.CommandLine;
using InMARS.Cli.Execution;
using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Configuration;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars superpixels</c>: cuts images into superpixels.</summary>
internal static class SuperpixelsCommand
{
    public static Command Make(Shell shell)
    {
        var input = CommonOptions.Required("--input", "DIR|TAR|FILE", "Folder of images or of shards, a shard, a pattern of shards, or an image.").MustExist();
        var output = CommonOptions.Required("--output", "DIR", "Run directory to make; the maps go to DIR/superpixels, one PNG of 16 bits an image.");
        var regionSize = new Option<int>("--region-size") { HelpName = "N", Description = "Mean superpixel edge, in pixels.", DefaultValueFactory = _ => 10 };
        var (set, accept, quiet) = (CommonOptions.Set(), CommonOptions.Accept(), CommonOptions.Quiet());
        var overwrite = CommonOptions.Overwrite("Empties the output folder first, if a run lies there.");
        var command = new CliCommand(
            "superpixels",
            "Cuts images into superpixels by SLIC and writes them as label maps.",
            "inmars superpixels --input photos --output cut --region-size 16",
            "inmars superpixels --input photos --output cut --set flows.superpixels.steps.superpixel.slic.with.algorithm=slico") { input, output, regionSize, set, overwrite, accept, quiet };
        command.SetAction((parsed, _) => RunExecution.ExecuteAsync(
            shell,
            RunFile.Parse(
                SuperpixelsRun.Text(parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), parsed.GetValue(regionSize)),
                "superpixels",
                parsed.GetValue(set) ?? [],
                shell.BuiltIn),
            parsed.GetValue(overwrite),
            parsed.GetValue(quiet),
            parsed.GetValue(accept)));
        return command;
    }
}
