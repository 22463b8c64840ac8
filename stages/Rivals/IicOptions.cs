using InMARS.Pipeline.Configuration;
using InMARS.Stages.Learning;

namespace InMARS.Stages.Rivals;

/// <summary>When the two heads are trained.</summary>
internal enum HeadOrder
{
    /// <summary>Both in every step, which suits few epochs.</summary>
    Together,

    /// <summary>The head with more clusters in epochs 0, 2, 4 and so on, the head that segments in the others: as the paper does.</summary>
    AlternateEpochs,
}

/// <summary>What the objective of <c>learn.iic</c> can be told.</summary>
/// <param name="Displacement">T: pixels up to so far apart, along each axis, inform about each other. The cost grows with (2T + 1)².</param>
/// <param name="Lambda">Weight of the marginal entropies for the head that segments; 1 is plain mutual information.</param>
/// <param name="OverLambda">The same for the head with more clusters.</param>
internal sealed record IicOptions(int Displacement = 4, double Lambda = 1, double OverLambda = 1, HeadOrder Heads = HeadOrder.Together)
{
    public ViewOptions View { get; init; } = new();

    public static IicOptions Read(Fields f)
    {
        var d = new IicOptions();
        return new IicOptions(
            f.Get("displacement", Decode.WholeNumber.Between(0, 16), d.Displacement, "T: pixels up to so far apart, along each axis, inform about each other. The cost grows with (2T + 1)²; the paper has 10 or 5."),
            f.Get("lambda", Ranges.Positive(1000), d.Lambda, "Weight of the marginal entropies for the head that segments; 1 is plain mutual information, 1.5 the paper's choice for three classes."),
            f.Get("over_lambda", Ranges.Positive(1000), d.OverLambda, "The same for the head with more clusters."),
            f.Get("heads", Decode.OneOf(("together", HeadOrder.Together), ("alternate_epochs", HeadOrder.AlternateEpochs)), d.Heads, "Whether every step trains both heads, or epochs take turns, the head with more clusters first, as in the paper; the latter needs an even number of epochs."))
        {
            View = ViewOptions.Read(f),
        };
    }
}
