using System.CommandLine;
using System.CommandLine.Parsing;
using InMARS.Cli.Display;
using InMARS.Cli.Execution;
using InMARS.Pipeline.Configuration;
using InMARS.Stages.Protocols;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars prepare</c>: makes the shards of a published benchmark out of its download.</summary>
internal static class PrepareCommand
{
    public static Command Make(Shell shell)
    {
        var name = new Argument<string>("PROTOCOL") { Description = $"One of {string.Join(", ", Protocol.All.Select(p => p.Name))}." };
        name.Validators.Add(result => Known(result, "protocol", Protocol.All.Select(p => p.Name)));
        var source = CommonOptions.Required("--source", "DIR", "Folder of the download, laid out as it unpacks.").MustExist();
        var output = CommonOptions.Required("--output", "DIR", "Folder for the shards; it appears when all of them are whole.");
        var lists = Several("--list", "FILE|DIR", "List of the images to take, one name a line, or a folder of them; may be given several times.");
        var quirks = Several("--quirk", "NAME", $"Copies an oddity of the published code: {string.Join(" or ", Quirk.Select(ProtocolShards.Word))}; may be given several times.");
        quirks.Validators.Add(result => Known(result, "quirk", Quirk.Select(ProtocolShards.Word)));
        var bands = new Option<int>("--bands") { HelpName = "N", Description = "Potsdam: 4 with near infrared, as in the protocol, or 3.", DefaultValueFactory = _ => 4 };
        bands.Validators.Add(result => Known(result, "number of bands", ["3", "4"]));
        var overwrite = CommonOptions.Overwrite("Replaces the shards of the same sets that lie in the output folder.");
        var command = new CliCommand(
            "prepare",
            "Makes the shards of a published benchmark out of its download, by its rules.",
            "inmars prepare potsdam-3 --source potsdam --output data/potsdam-3",
            "inmars prepare coco-stuff-15 --source coco --list curated --output data/coco-stuff-15") { name, source, output, lists, quirks, bands, overwrite };
        command.SetAction(parsed => Write(
            shell,
            Protocol.All.Single(p => p.Name == parsed.GetRequiredValue(name)),
            new PreparationRequest(parsed.GetRequiredValue(source), parsed.GetValue(lists) ?? [], Quirks(parsed.GetValue(quirks)), parsed.GetValue(bands)),
            (parsed.GetRequiredValue(output), parsed.GetValue(overwrite))));
        command.Validators.Add(result => Refuse(result, Protocol.All.FirstOrDefault(p => p.Name == result.GetValue(name)), (lists, quirks, bands)));
        return command;
    }

    private static IEnumerable<Quirks> Quirk => ProtocolShards.Each((Quirks)~0);

    private static Option<string[]> Several(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        DefaultValueFactory = _ => [],
        Arity = ArgumentArity.OneOrMore,
    };

    private static Quirks Quirks(string[]? words) =>
        Quirk.Where(q => (words ?? []).Contains(ProtocolShards.Word(q))).Aggregate(Stages.Protocols.Quirks.None, (all, q) => all | q);

    private static void Known(SymbolResult result, string what, IEnumerable<string> words)
    {
        foreach (var token in result.Tokens.Where(t => !words.Contains(t.Value)))
        {
            result.AddError($"there is no {what} '{token.Value}'{Nearest.Hint(token.Value, words)}; expected {string.Join(", ", words)}");
        }
    }

    /// <summary>Options that the protocol has no use for.</summary>
    private static void Refuse(CommandResult result, Protocol? protocol, (Option<string[]> Lists, Option<string[]> Quirks, Option<int> Bands) options)
    {
        if (protocol is null)
        {
            return;
        }

        foreach (var quirk in ProtocolShards.Each(Quirks(result.GetValue(options.Quirks)) & ~protocol.Allowed))
        {
            result.AddError($"{options.Quirks.Name}: {protocol.Name} has no quirk '{ProtocolShards.Word(quirk)}'");
        }

        if (!protocol.TakesLists && result.GetValue(options.Lists) is { Length: > 0 })
        {
            result.AddError($"{options.Lists.Name}: {protocol.Name} takes all of its tiles, by no list");
        }

        if (protocol.TakesLists && result.GetResult(options.Bands) is { Implicit: false })
        {
            result.AddError($"{options.Bands.Name}: images of {protocol.Name} have 3 bands");
        }
    }

    private static int Write(Shell shell, Protocol protocol, PreparationRequest request, (string Folder, bool Overwrite) output)
    {
        var folder = new WholeFolder(output.Folder, ProtocolShards.Patterns(protocol));
        var sets = folder.Write(output.Overwrite, partial =>
            ProtocolShards.Write(protocol, request, partial, new CountLines(shell, "images written"), shell.Interrupt));
        shell.Out.WriteLine(
            $"{Plain.Count(sets.Sum(s => s.Images), "image")} of {protocol.Name} in {Plain.Count(sets.Sum(s => s.Shards), "shard")}, in {output.Folder}: "
            + string.Join(", ", sets.Select(s => $"{s.Name} {Plain.Count(s.Images)}")));
        if (request.Quirks.HasFlag(Stages.Protocols.Quirks.MaskTrainingWithLabels))
        {
            shell.Out.WriteLine("mask_training_with_labels acts in training: also pass --set flows.train.steps.collate.with.mask=labels to 'inmars run'");
        }

        return ExitCodes.Clean;
    }
}
