using InMARS.Cli.Display;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using Spectre.Console;

namespace InMARS.Tests.Cli;

public class ScoreTableTests
{
    [Fact]
    public void An_interval_stands_in_one_column_behind_its_figure()
    {
        var rows = Rows(
            Report("evaluate", ("accuracy", 0.9), ("accuracy_low", 0.87), ("accuracy_high", 0.92), ("images", 30)),
            Report("kmeans", ("accuracy", 0.5), ("images", 30)));

        Assert.Equal(["│results│accuracy│95%│images│", "│evaluate│0.9000│0.8700-0.9200│30│", "│kmeans│0.5000│-│30│"], rows);
    }

    private static FlowReport Report(string flow, params (string Name, double Value)[] figures) =>
        new(flow, "evaluate.hungarian", new StageReport("evaluate.hungarian", [.. figures.Select(f => KeyValuePair.Create(f.Name, f.Value))], []));

    private static IEnumerable<string> Rows(params FlowReport[] reports)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 160;
        console.Write(ScoreTable.Of(reports));
        return text.ToString().Split('\n').Where(l => l.StartsWith('│')).Select(l => l.Replace(" ", "", StringComparison.Ordinal));
    }
}
