using InMARS.Bench;

var root = Directory.CreateTempSubdirectory("inmars-bench-").FullName;
try
{
    (string Name, Func<IEnumerable<Figure>> Measure)[] parts =
    [
        ("overhead", GraphOverhead.Measure),
        ("assignment", AssignmentTime.Measure),
        ("efficiency", () => EngineEfficiency.Measure(root)),
        ("step", () => StepOverhead.Measure(root)),
        ("index", () => IndexSpeed.Measure(root)),
        ("cache", () => CacheSpeed.Measure(root)),
        ("allocation", () => Allocation.Measure(root)),
        ("memory", () => MemoryFlatness.Measure(root)),
    ];
    var wanted = args.Length == 0 ? parts : [.. parts.Where(p => args.Contains(p.Name))];
    if (wanted.Length == 0)
    {
        Console.Error.WriteLine($"expected some of {string.Join(", ", parts.Select(p => p.Name))}, found {string.Join(' ', args)}");
        return 2;
    }

    Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}\n\n| figure | measured | target |\n|---|---|---|");
    foreach (var figure in wanted.SelectMany(p => p.Measure()))
    {
        Console.WriteLine($"| {figure.Name} | {figure.Value:0.000} {figure.Unit} | {figure.Target} |");
    }

    return 0;
}
finally
{
    Directory.Delete(root, recursive: true);
}
