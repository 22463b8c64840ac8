using System.CommandLine;
using InMARS.Cli.Display;
using InMARS.Pipeline.Outcomes;
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
        if (File.Exists(output))
        {
            throw new RunException($"'{output}' is a file; expected a folder for the shards");
        }

        var occupied = Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any();
        if (occupied && !overwrite)
        {
            throw new RunException($"folder '{output}' is not empty; name another one, or pass --overwrite");
        }

        // A folder that is there is whole: whoever finds it need not ask how far an earlier call came.
        var partial = Path.TrimEndingDirectorySeparator(output) + ".part";
        try
        {
            Directory.CreateDirectory(partial);
            Empty(partial);
            SyntheticShards.Write(partial, count, seed, new SceneOptions(), new CountLines(shell, "scenes written"), shell.Interrupt);
            Publish(partial, output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot write '{output}': {e.Message}", e);
        }
        finally
        {
            Discard(partial);
        }

        shell.Out.WriteLine($"{Plain.Count(count, "scene")} of seed {seed} in {output}");
        return ExitCodes.Clean;
    }

    private static void Publish(string partial, string output)
    {
        if (!Directory.Exists(output))
        {
            Directory.Move(partial, output);
            return;
        }

        Empty(output);
        foreach (var shard in Directory.GetFiles(partial, Shards))
        {
            File.Move(shard, Path.Combine(output, Path.GetFileName(shard)));
        }

        Directory.Delete(partial);
    }

    private static void Discard(string partial)
    {
        if (Directory.Exists(partial))
        {
            Empty(partial);
            if (!Directory.EnumerateFileSystemEntries(partial).Any())
            {
                Directory.Delete(partial);
            }
        }
    }

    private static void Empty(string folder) => Array.ForEach(Directory.GetFiles(folder, Shards), File.Delete);
}
