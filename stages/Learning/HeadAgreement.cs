using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// How far several heads of one trunk divide the same superpixels alike. A division that most heads come to is a property
/// of the images, one that a single head comes to is an accident of its first weights; no labels are needed to tell.
/// </summary>
internal sealed class HeadAgreement(int heads, int clusters)
{
    private const double Fading = 0.98;
    private readonly double[,][] _together = Pairs(heads, clusters);

    /// <param name="scores">Of all heads, one behind the other; <c>[heads * K + K', S]</c>.</param>
    public void Note(SuperpixelScores scores)
    {
        if (heads == 1)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var choices = Enumerable.Range(0, heads).Select(h => scores.Head(h * clusters, clusters).Logits.argmax(0)).ToArray();
        var pairs = (from a in Enumerable.Range(0, heads) from b in Enumerable.Range(a + 1, heads - a - 1) select (a, b)).ToArray();
        var areas = stack([.. pairs.Select(pair => Areas((choices[pair.a] * clusters) + choices[pair.b], scores.Weights))]);
        var values = areas.to(ScalarType.Float64).cpu().data<double>().ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var (a, b) = pairs[i / (clusters * clusters)];
            ref var together = ref _together[a, b][i % (clusters * clusters)];
            together = (together * Fading) + values[i];
        }
    }

    /// <summary>The head that agrees most with all others, one to one; of equals, the first.</summary>
    public int Leading()
    {
        var agreement = new double[heads];
        for (var a = 0; a < heads; a++)
        {
            for (var b = a + 1; b < heads; b++)
            {
                var shared = Shared(_together[a, b]);
                agreement[a] += shared;
                agreement[b] += shared;
            }
        }

        return Array.IndexOf(agreement, agreement.Max());
    }

    public void Carry(StateArchive state)
    {
        foreach (var (a, b) in Enumerable.Range(0, heads).SelectMany(a => Enumerable.Range(0, heads).Select(b => (a, b))))
        {
            _together[a, b] = state.Numbers<double>($"{a}-{b}", _together[a, b]);
        }
    }

    private static double[,][] Pairs(int heads, int clusters)
    {
        var pairs = new double[heads, heads][];
        foreach (var (a, b) in Enumerable.Range(0, heads).SelectMany(a => Enumerable.Range(0, heads).Select(b => (a, b))))
        {
            pairs[a, b] = new double[clusters * clusters];
        }

        return pairs;
    }

    private Tensor Areas(Tensor numbers, Tensor weights) =>
        zeros(clusters * clusters, dtype: weights.dtype, device: weights.device).scatter_add(0, numbers, weights);

    // Areas as parts in a million, for an assignment in whole numbers.
    private double Shared(double[] together)
    {
        var sum = Math.Max(together.Sum(), double.Epsilon);
        var profit = new long[clusters, clusters];
        for (var i = 0; i < together.Length; i++)
        {
            profit[i / clusters, i % clusters] = (long)Math.Round(together[i] / sum * 1e6);
        }

        return Hungarian.Assign(profit).Select((other, own) => other is { } o ? together[(own * clusters) + o] / sum : 0).Sum();
    }
}
