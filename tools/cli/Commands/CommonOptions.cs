using System.CommandLine;

namespace InMARS.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Argument<string> RunFile() => new("FILE") { Description = "Run file, YAML." };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Sets one value of the run file; may be given several times.",
        HelpName = "PATH=VALUE",
        DefaultValueFactory = _ => [],
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<bool> Overwrite(string what) => new("--overwrite") { Description = what };

    public static Option<bool> Accept() => new("--accept") { Description = "Begins although the room on the disk does not suffice for the outputs, by estimate." };

    public static Option<bool> Quiet() => new("--quiet") { Description = "Says only what is wrong." };

    public static Option<string> Required(string name, string helpName, string description) =>
        new(name) { Required = true, HelpName = helpName, Description = description };

    public static Option<string> Optional(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };

    public static Option<int?> Number(string name, string description) => new(name) { HelpName = "N", Description = description };

    /// <summary>A file or folder that must be there.</summary>
    public static Option<string> MustExist(this Option<string> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Path.Exists(token.Value) && token.Value.AsSpan().IndexOfAny('*', '?', '{') < 0)
            {
                result.AddError($"{option.Name}: there is no file or folder '{token.Value}'");
            }
        });
        return option;
    }
}
