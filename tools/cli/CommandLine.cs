using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using InMARS.Cli.Commands;
using InMARS.Cli.Display;
using InMARS.Cli.Execution;
using InMARS.Pipeline.Configuration;

namespace InMARS.Cli;

/// <summary>The commands of <c>inmars</c>, put together.</summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(IReadOnlyList<string> args, Shell shell)
    {
        var root = Root(shell);
        // A value may begin with '@', so nothing is read as a file of further arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            return Refuse(parsed, shell);
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = shell.Out,
            Error = shell.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static RootCommand Root(Shell shell)
    {
        var root = new RootCommand("Unsupervised image segmentation: shards in; a trained segmenter, label maps and an honest evaluation out.")
        {
            RunCommand.Make(shell),
            ResumeCommand.Make(shell),
            RequeueCommand.Make(shell),
            StatusCommand.Make(shell),
            SweepCommand.Make(shell),
            ValidateCommand.Make(shell),
            PlanCommand.Make(shell),
            PredictCommand.Make(shell),
            EvaluateCommand.Make(shell),
            ShardCommand.Make(shell),
            MatchCommand.Make(shell),
            SuperpixelsCommand.Make(shell),
            SynthCommand.Make(shell),
            PrepareCommand.Make(shell),
            StagesCommand.Make(shell),
            GraphCommand.Make(shell),
            BenchCommand.Make(shell),
            Doctor(shell),
        };
        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion(shell.Out);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static CliCommand Doctor(Shell shell)
    {
        var command = new CliCommand(
            "doctor",
            "Tries everything that a run needs of this machine, and says what is missing and what mends it.",
            "inmars doctor");
        command.SetAction(_ => DoctorCommand.Run(shell.Out));
        return command;
    }

    private static int Refuse(ParseResult parsed, Shell shell)
    {
        var command = parsed.CommandResult.Command;
        var words = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).ToList();
        var wrong = parsed.UnmatchedTokens.Count > 0
            ? parsed.UnmatchedTokens.Take(1).Select(token => $"'{token}' is not expected here{Nearest.Hint(token, words)}")
            : parsed.Errors.Select(e => WithoutTypes(e.Message));
        foreach (var message in wrong)
        {
            shell.Error.WriteLine($"inmars: {Plain.OneLine(message)}");
        }

        shell.Error.WriteLine($"see '{(command is CliCommand ? $"inmars {command.Name}" : "inmars")} --help'");
        return ExitCodes.BadUsage;
    }

    /// <summary>All options of another type than text are whole numbers, which the parser calls by their .NET type.</summary>
    private static string WithoutTypes(string message) =>
        message.IndexOf(" as expected type", StringComparison.Ordinal) is >= 0 and var end ? $"{message[..end]}: expected a whole number" : message;

    private sealed class PrintVersion(TextWriter output) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            output.WriteLine($"inmars {RunFacts.Version}");
            return ExitCodes.Clean;
        }
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        private static readonly string[] Overview =
        [
            "inmars synth --output data/synthetic --count 300 --seed 7",
            "inmars run config.yaml",
            "inmars predict --model runs/sample --input photos --output out",
        ];

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in (parseResult.CommandResult.Command as CliCommand)?.Examples ?? Overview)
            {
                output.WriteLine($"  {example}");
            }

            return ExitCodes.Clean;
        }
    }
}
