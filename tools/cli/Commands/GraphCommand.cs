using System.CommandLine;
using InMARS.Cli.Execution;
using InMARS.Pipeline.Configuration;
using System.CommandLine.Parsing;
using System.Globalization;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars graph</c>: the flows as Mermaid text, with the most that can be alive in each.</summary>
internal static class GraphCommand
{
    private const int LargestSide = 100_000;

    public static Command Make(Shell shell)
    {
        var (file, set) = (CommonOptions.RunFile(), CommonOptions.Set());
        var size = new Option<Extent?>("--size")
        {
            Description = "Size of an image, such as 480x360 (width x height, with labels): tells the bytes of memory that each stage fills for it.",
            CustomParser = ReadSize,
        };
        var command = new CliCommand(
            "graph",
            "Draws the flows of a run file as Mermaid text, with the most items and MiB that can be alive in each.",
            "inmars graph config.yaml",
            "inmars graph config.yaml > flows.mmd",
            "inmars graph config.yaml --size 480x360") { file, set, size };
        command.SetAction(parsed => RunFile.Read(parsed.GetRequiredValue(file), parsed.GetValue(set) ?? [], shell.BuiltIn).Match(
            plan => Draw(shell, plan, parsed.GetValue(size)),
            errors => RunExecution.Refuse(shell, errors)));
        return command;
    }

    private static Extent? ReadSize(ArgumentResult result)
    {
        var sides = result.Tokens[0].Value.Split('x');
        if (sides.Length == 2 && Side(sides[0]) is { } width && Side(sides[1]) is { } height)
        {
            return new Extent(height, width);
        }

        result.AddError($"--size: expected WIDTHxHEIGHT of 1 to {LargestSide} pixels, such as 480x360; found '{result.Tokens[0].Value}'");
        return null;
    }

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= 1 and <= LargestSide ? side : null;

    private static int Draw(Shell shell, RunPlan plan, Extent? size)
    {
        var budget = MemoryLimit.Budget(plan.Settings.MemoryMb);
        foreach (var (number, flow) in plan.Flows.Index())
        {
            var text = Mermaid.Of(flow, budget, size is { } extent ? new Outlook(plan.Settings, MemoryLimit.Read(), flow.Epochs) { Items = 1, Extents = [extent] } : null);
            // One diagram of all flows has one head.
            shell.Out.Write(number == 0 ? text : text[(text.IndexOf('\n') + 1)..]);
        }

        return ExitCodes.Clean;
    }
}
