using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using InMARS.Cli.Commands;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary><c>inmars bench scale</c>: what flows would do with other cores, and with a GPU.</summary>
internal static class ScaleCommand
{
    /// <summary>Asks for the flows as they really run, with what cores the process has; for the program itself.</summary>
    public const string Real = "--real";

    private const int MostCores = 1024;
    private const int LeastSide = 16;
    private const int MostSide = 16384;

    public static Command Make(Shell shell)
    {
        var file = CommonOptions.Optional("--run", "FILE", "Run file whose flows are scaled, those that read shards; training and prediction with defaults where absent.").MustExist();
        var sizes = CommonOptions.Optional("--sizes", "WxH,...", "Sizes of images (128x96,200x200).");
        var cores = CommonOptions.Optional("--cores", "N,...", "Cores of the machines (1,2,4,8,16,32,64).");
        var images = CommonOptions.Number("--images", "Images of each flow and size, in place of as many as take some seconds.");
        var repeats = CommonOptions.Number("--repeats", "Rounds of measuring; the fastest counts (2).");
        var gpu = new Option<double?>("--gpu-images-per-second") { HelpName = "N", Description = "Rows for machines with a GPU on which networks take so many images a second." };
        var check = new Option<bool>("--check") { Description = "Runs the flows with 1 core and with all of this machine, and tells what of that was predicted; two minutes." };
        var real = new Option<string?>(Real) { Description = "Runs the flows over scenes in this folder with the cores that this process has, and tells what they did as JSON.", Hidden = true };
        images.Validators.Add(ShardCommand.AtLeastOne);
        repeats.Validators.Add(ShardCommand.AtLeastOne);
        sizes.Validators.Add(result => Check(result, Size, $"expected sizes such as 200x200,480x360, each side {LeastSide} to {MostSide}"));
        cores.Validators.Add(result => Check(result, Cores, $"expected whole numbers from 1 to {MostCores}, such as 1,2,4"));
        gpu.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and < 1e9))
            {
                result.AddError($"--gpu-images-per-second: expected a number above 0, found '{token.Value}'");
            }
        });
        var command = new CliCommand(
            "scale",
            "Predicts images/s, bottleneck and memory of flows with 1 to 64 cores and with a GPU: measures what each stage takes, one image at a time, and simulates the same graph with these times.",
            "inmars bench scale",
            "inmars bench scale --run config.yaml --sizes 480x360 --gpu-images-per-second 400",
            "inmars bench scale --check") { file, sizes, cores, images, repeats, gpu, check, real };
        command.SetAction(async (parsed, _) =>
        {
            var request = new ScaleRequest(
                parsed.GetValue(file),
                [.. Parts(parsed.GetValue(sizes) ?? "128x96,200x200").Select(s => Size(s)!.Value)],
                [.. Parts(parsed.GetValue(cores) ?? "1,2,4,8,16,32,64").Select(s => Cores(s)!.Value)],
                parsed.GetValue(images),
                parsed.GetValue(repeats) ?? 2,
                parsed.GetValue(gpu),
                parsed.GetValue(check));
            await (parsed.GetValue(real) is { } folder ? PinnedRun.TellAsync(request, folder, shell) : new ScaleBench(request, shell).RunAsync());
            return ExitCodes.Clean;
        });
        return command;
    }

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.TrimEntries);

    private static (int Width, int Height)? Size(string text) =>
        text.Split('x') is [var w, var h] && Whole(w, LeastSide, MostSide) is { } width && Whole(h, LeastSide, MostSide) is { } height ? (width, height) : null;

    private static int? Cores(string text) => Whole(text, 1, MostCores);

    private static int? Whole(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static void Check<T>(OptionResult result, Func<string, T?> read, string expected)
        where T : struct
    {
        if (result.Tokens is [var token] && Parts(token.Value).FirstOrDefault(part => read(part) is null) is { } wrong)
        {
            result.AddError($"{result.Option.Name}: {expected}, found '{wrong}'");
        }
    }
}
