using System.CommandLine;
using InMARS.Cli.Reference;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars stages</c>: what run files may use.</summary>
internal static class StagesCommand
{
    public static Command Make(Shell shell)
    {
        var markdown = new Option<bool>("--markdown") { Description = "Prints the whole reference with all options, as in docs/stages.md." };
        var command = new CliCommand(
            "stages",
            "Lists the sources, stages and sinks that run files may use.",
            "inmars stages",
            "inmars stages --markdown > stages.md") { markdown };
        command.SetAction(parsed =>
        {
            var entries = Entries(shell);
            shell.Out.Write(parsed.GetValue(markdown) ? StageReference.Markdown(entries) : StageReference.Table(entries));
            return ExitCodes.Clean;
        });
        return command;
    }

    private static List<StageEntry> Entries(Shell shell) => Catalog.Of(shell.BuiltIn, new ConfigNode(null, "", ConfigFile.Empty)).Match(
        catalog => catalog.Entries.ToList(),
        errors => throw new InvalidOperationException(errors[0].Message));
}
