using System.CommandLine;
using InMARS.Cli.Benchmarks;
using InMARS.Cli.Benchmarks.Scale;
using InMARS.Cli.Benchmarks.Running;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars bench</c>: measures parts of the program on the user's machine.</summary>
internal static class BenchCommand
{
    public static Command Make(Shell shell) => Make(shell, BenchParts.All);

    /// <param name="parts">What can be measured, in the order in which it is.</param>
    public static Command Make(Shell shell, IReadOnlyList<BenchPart> parts)
    {
        var wanted = new Argument<string[]>("PART") { Description = "What is measured; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
        wanted.AcceptOnlyFromAmong([.. parts.Select(p => p.Name)]);
        var images = CommonOptions.Optional("--images", "DIR", "Folder of photographs to measure with; synthetic scenes where absent.").MustExist();
        var labels = CommonOptions.Optional("--labels", "DIR", "Their segmentations, NAME.png or NAME_1.png, NAME_2.png ...; only quality needs them.").MustExist();
        var rounds = AtLeastOne("--rounds", "Rounds of everything; each part has a number of its own.");
        var output = new Option<string>("--output") { HelpName = "DIR", Description = "Folder in which bench/results.json is written.", DefaultValueFactory = _ => "runs" };
        var compare = CommonOptions.Optional("--compare", "FILE", "The results.json of another bench; prints what these figures are to those.").MustExist();
        var spread = AtLeastOne("--spread", "Percent that a figure may get worse before it is marked (10).");
        var fail = new Option<bool>("--fail") { Description = "Exit code 1 where a figure is marked as worse." };
        var quick = new Option<bool>("--quick") { Description = "Tries in seconds whether everything works; its figures mean nothing." };
        var command = new CliCommand(
            "bench",
            "Measures what this machine makes of the program, a table for each part, and writes bench/results.json.",
            "inmars bench",
            "inmars bench superpixels step --rounds 20",
            "inmars bench quality --images bsds500/images --labels bsds500/labels",
            "inmars bench --compare before.json --fail") { wanted, images, labels, rounds, output, compare, spread, fail, quick };
        command.Subcommands.Add(ScaleCommand.Make(shell));
        command.Validators.Add(result =>
        {
            var (some, labelled) = (result.GetValue(wanted) ?? [], result.GetValue(images) is not null && result.GetValue(labels) is not null);
            if (!labelled && parts.FirstOrDefault(p => p.NeedsLabels && some.Contains(p.Name)) is { } part)
            {
                result.AddError($"bench {part.Name} needs --images DIR and --labels DIR");
            }
        });
        command.SetAction((parsed, _) =>
        {
            var request = new BenchRequest(parsed.GetValue(images), parsed.GetValue(labels), parsed.GetValue(rounds), parsed.GetRequiredValue(output))
            {
                Compare = parsed.GetValue(compare),
                Spread = parsed.GetValue(spread) ?? 10,
                Fail = parsed.GetValue(fail),
                Quick = parsed.GetValue(quick),
            };
            return new BenchRun(request, shell).RunAsync(Choose(parts, parsed.GetValue(wanted) ?? [], request));
        });
        return command;
    }

    private static IReadOnlyList<BenchPart> Choose(IReadOnlyList<BenchPart> parts, string[] wanted, BenchRequest request) =>
        [.. parts.Where(p => wanted.Length > 0 ? wanted.Contains(p.Name) : !p.NeedsLabels || request is { Images: not null, Labels: not null })];

    private static Option<int?> AtLeastOne(string name, string description)
    {
        var option = CommonOptions.Number(name, description);
        option.Validators.Add(ShardCommand.AtLeastOne);
        return option;
    }
}
