using System.CommandLine;
using InMARS.Cli.Display;
using InMARS.Cli.Execution;
using InMARS.Stages.Synthesis;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars synth</c>: writes synthetic scenes with known labels.</summary>
internal static class SynthCommand
{
    private const string Shards = "synthetic-*.tar";

    public static Command Make(Shell shell)
    {
        var output = CommonOptions.Required("--output", "DIR", "Folder for the shards; it appears when all of them are whole.");
        var count = new Option<int>("--count") { HelpName = "N", Description = "Scenes.", DefaultValueFactory = _ => 300 };
        count.Validators.Add(ShardCommand.AtLeastOne);
        var seed = new Option<ulong>("--seed") { HelpName = "S", Description = "The same seed gives the same bytes.", DefaultValueFactory = _ => 1 };
        var overwrite = CommonOptions.Overwrite("Replaces the synthetic shards that lie in the output folder.");
        var command = new CliCommand(
            "synth",
            "Writes synthetic scenes as shards: texture tells the classes apart, colour does not.",
            "inmars synth --output data/synthetic --count 300 --seed 7") { output, count, seed, overwrite };
        command.SetAction(parsed => Write(
            shell, parsed.GetRequiredValue(output), parsed.GetValue(count), parsed.GetValue(seed), parsed.GetValue(overwrite)));
        return command;
    }

    private static int Write(Shell shell, string output, int count, ulong seed, bool overwrite)
    {
        _ = new WholeFolder(output, [Shards]).Write(overwrite, folder =>
        {
            SyntheticShards.Write(folder, count, seed, new SceneOptions(), new CountLines(shell, "scenes written"), shell.Interrupt);
            return count;
        });
        shell.Out.WriteLine($"{Plain.Count(count, "scene")} of seed {seed} in {output}");
        return ExitCodes.Clean;
    }
}
