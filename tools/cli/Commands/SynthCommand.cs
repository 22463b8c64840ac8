using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
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
        var size = CommonOptions.Optional("--size", "WxH", $"Width and height of a scene, in pixels; {new SceneOptions().Width}x{new SceneOptions().Height} where absent.");
        var shares = CommonOptions.Optional("--shares", "A,B,C", "Share of the pixels of stripes, spots and grain, about; equal where absent.");
        var tilt = CommonOptions.Number("--tilt", $"Textures are turned by up to so many degrees either way, 0 to {SceneOptions.AnyTilt}; absent, {new SceneOptions().Tilt}, or any with --shares.");
        foreach (var option in new Option[] { size, shares, tilt })
        {
            option.Validators.Add(Checked);
        }

        var perShard = new Option<int>("--per-shard") { HelpName = "N", Description = "Scenes in a shard.", DefaultValueFactory = _ => 100 };
        perShard.Validators.Add(ShardCommand.AtLeastOne);
        var overwrite = CommonOptions.Overwrite("Replaces the synthetic shards that lie in the output folder.");
        var command = new CliCommand(
            "synth",
            "Writes synthetic scenes as shards: texture tells the classes apart, colour does not.",
            "inmars synth --output data/synthetic --count 300 --seed 7",
            "inmars synth --output data/uneven --count 300 --shares 0.7,0.15,0.15",
            "inmars synth --output data/million --count 1000000 --size 32x32 --per-shard 1000") { output, count, seed, shares, tilt, size, perShard, overwrite };
        command.SetAction(parsed => Write(
            shell,
            parsed.GetRequiredValue(output),
            new SyntheticSet(
                parsed.GetValue(count),
                parsed.GetValue(seed),
                Sized(Scenes(parsed.GetValue(shares), parsed.GetValue(tilt)), parsed.GetValue(size)),
                parsed.GetValue(perShard)),
            parsed.GetValue(overwrite)));
        return command;

        void Checked(OptionResult result)
        {
            var text = result.Tokens is [var token] ? token.Value : "";
            var scenes = result.Option == shares ? Scenes(text, null)
                : result.Option == size ? Sized(new SceneOptions(), text)
                : int.TryParse(text, out var degrees) ? Scenes(null, degrees)
                : null;
            if (scenes?.Problem is { } problem)
            {
                result.AddError($"{result.Option.Name}: {problem}");
            }
        }
    }

    /// <summary>Scenes of given shares are as seen from above: no direction of theirs is upright.</summary>
    /// <param name="shares">Numbers with commas between; what is no number is NaN, which the options refuse.</param>
    private static SceneOptions Scenes(string? shares, int? tilt) => new(
        Shares: shares?.Split(',').Select(s => double.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? share : double.NaN).ToList(),
        Tilt: tilt ?? (shares is null ? new SceneOptions().Tilt : SceneOptions.AnyTilt));

    /// <param name="size">Width, an x, height; what is not such is no size, which the options refuse.</param>
    private static SceneOptions Sized(SceneOptions scenes, string? size) => size is null ? scenes
        : size.Split('x') is [var width, var height] ? scenes with { Width = Pixels(width), Height = Pixels(height) }
        : scenes with { Width = 0, Height = 0 };

    private static int Pixels(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? pixels : 0;

    private static int Write(Shell shell, string output, SyntheticSet set, bool overwrite)
    {
        _ = new WholeFolder(output, [Shards]).Write(overwrite, folder =>
        {
            SyntheticShards.Write(folder, set, new CountLines(shell, "scenes written"), shell.Interrupt);
            return set.Count;
        });
        shell.Out.WriteLine($"{Plain.Count(set.Count, "scene")} of seed {set.Seed} in {output}");
        return ExitCodes.Clean;
    }
}
