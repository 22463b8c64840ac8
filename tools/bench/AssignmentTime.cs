using InMARS.Stages.Evaluation;

namespace InMARS.Bench;

/// <summary>One assignment of 27 clusters to 27 classes, the size of COCO-Stuff's coarse classes.</summary>
internal static class AssignmentTime
{
    private const int Solves = 1000;

    public static IEnumerable<Figure> Measure()
    {
        var random = new Random(7);
        var profit = new long[27, 27];
        for (var i = 0; i < profit.Length; i++)
        {
            profit[i / 27, i % 27] = random.Next(1_000_000);
        }

        var rounds = Rounds.Of(5, () =>
        {
            for (var i = 0; i < Solves; i++)
            {
                _ = Hungarian.Assign(profit);
            }
        });
        yield return new Figure("Hungarian assignment, 27 x 27", rounds.MedianMs / Solves, "ms", "below 1");
    }
}
