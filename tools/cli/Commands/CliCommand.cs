using System.CommandLine;

namespace InMARS.Cli.Commands;

/// <summary>A command with examples, which its help shows.</summary>
/// <param name="examples">Whole command lines.</param>
internal sealed class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
