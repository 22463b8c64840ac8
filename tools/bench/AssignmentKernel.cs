using BenchmarkDotNet.Attributes;
using InMARS.Stages.Evaluation;

namespace InMARS.Bench;

/// <summary>One assignment of 27 clusters to 27 classes, the size of COCO-Stuff's coarse classes.</summary>
public class AssignmentKernel
{
    private const int Classes = 27;
    private readonly long[,] _profit = new long[Classes, Classes];

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(7);
        for (var i = 0; i < _profit.Length; i++)
        {
            _profit[i / Classes, i % Classes] = random.Next(1_000_000);
        }
    }

    [Benchmark]
    public object Assign() => Hungarian.Assign(_profit);
}
