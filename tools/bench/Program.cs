using InMARS.Bench;

foreach (var figure in GraphOverhead.Measure())
{
    Console.WriteLine($"| {figure.Name} | {figure.Value:0.00} {figure.Unit} | {figure.Target} |");
}
