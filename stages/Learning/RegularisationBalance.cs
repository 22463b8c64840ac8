using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Learning;

/// <summary>Regularisation that sets its own strength by how decided the network is.</summary>
/// <param name="Target">Share of ln K that mutual information is held at, below 1; 0 leaves the weights as they are.</param>
/// <param name="Rate">Most that the logarithm of the strength moves in a step.</param>
/// <param name="Least">Smallest strength, a factor of the weights.</param>
/// <param name="Most">Largest strength.</param>
public sealed record BalanceOptions(double Target = 0, double Rate = 0.03, double Least = 0.25, double Most = 8);

/// <summary>
/// The factor of both perturbations' weights. It falls while mutual information is under its target and rises while it is
/// over: as much regularisation as the data bears. Without it, weights that are right for one data set leave the network of
/// another undecided for ever, or let it split by colour.
/// </summary>
/// <remarks>
/// Close to even probabilities a feature grows only if its answers to clean and perturbed images correlate by more than
/// 1 - 1 / (2 b), where b is the weight of the divergence: second order of H(Y|X) - mu H(Y) + b KL around 1 / K.
/// </remarks>
internal sealed class RegularisationBalance(BalanceOptions options)
{
    private const double Memory = 0.9;
    private double _share;

    public double Strength { get; private set; } = 1;

    public void Carry(StateArchive state) => (_share, Strength) = (state.Value("share", _share), state.Value("strength", Strength));

    /// <param name="share">Mutual information of a batch over ln K.</param>
    /// <returns>The strength to use for that batch.</returns>
    public double Next(double share)
    {
        if (options.Target > 0 && double.IsFinite(share))
        {
            _share = (Memory * _share) + ((1 - Memory) * share);
            var excess = Math.Clamp(2 * ((_share / options.Target) - 1), -1, 1);
            Strength = Math.Clamp(Strength * Math.Exp(options.Rate * excess), options.Least, options.Most);
        }

        return Strength;
    }
}
