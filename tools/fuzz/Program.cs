namespace InMARS.Fuzz;

/// <summary>Tries damaged input on everything that reads foreign bytes.</summary>
internal static class Program
{
    /// <returns>0 where all is well, 1 where something was found, 2 for arguments that are not understood.</returns>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            var options = FuzzOptions.Parse(args);
            var targets = Targets.All.Where(t => options.Only is null || t.Name == options.Only).ToList();
            return options switch
            {
                { Keep: { } path } => Write(path, targets[0].Input(options.Seed, options.From)),
                { Record: { } record } => Work(targets[0], options, record),
                _ => await SuperviseAsync(targets, new Supervisor(options)),
            };
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n{FuzzOptions.Usage}");
            return 2;
        }
    }

    private static async Task<int> SuperviseAsync(List<Target> targets, Supervisor supervisor)
    {
        var well = true;
        foreach (var target in targets)
        {
            well &= await supervisor.RunAsync(target);
        }

        return well ? 0 : 1;
    }

    private static int Work(Target target, FuzzOptions options, string record)
    {
        var worker = new Worker(target, options.Seed, record, (number, e) => Console.WriteLine($"{target.Name}: input {number} of seed {options.Seed}: {e}"));
        Console.WriteLine(worker.Run(Tally.Parse(File.ReadAllText(record)), options.Until));
        return 0;
    }

    private static int Write(string path, byte[] input)
    {
        File.WriteAllBytes(path, input);
        return 0;
    }
}
