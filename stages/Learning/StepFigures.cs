using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>How far one perturbed view was from the clean one; zeros where there was none.</summary>
/// <param name="Divergence">In nats.</param>
/// <param name="Flipped">Share of superpixels whose cluster it changed.</param>
internal sealed record ViewFigures(double Divergence, double Flipped);

/// <summary>The numbers of a step, brought to the host in one transfer.</summary>
internal sealed record StepFigures(
    double Loss, double Marginal, double Conditional, double GradientNorm, ViewFigures Noise, ViewFigures Space, ViewFigures Both, double Strength)
{
    public bool AreFinite => double.IsFinite(Loss) && double.IsFinite(GradientNorm);

    /// <summary>The numbers of one batch, a vector.</summary>
    public static Tensor Of(Views views)
    {
        var information = MutualInformation.Of(views.Clean);
        var none = zeros_like(views.Loss);
        var perturbed = new[] { views.Noise, views.Space, views.Both }.SelectMany(view => view is null
            ? [none, none]
            : new[] { Divergence.Of(views.Clean, view), Divergence.Flipped(views.Clean, view) });
        return stack([views.Loss, information.Marginal, information.Conditional, .. perturbed, full_like(views.Loss, views.Strength)]);
    }

    /// <param name="numbers">As <see cref="Of"/> gives them.</param>
    /// <param name="gradientNorm">A scalar.</param>
    public static StepFigures Read(Tensor numbers, Tensor gradientNorm)
    {
        var v = cat([numbers, gradientNorm.view(1)]).to(ScalarType.Float64).cpu().data<double>().ToArray();
        return new StepFigures(v[0], v[1], v[2], v[10], new(v[3], v[4]), new(v[5], v[6]), new(v[7], v[8]), v[9]);
    }

    public TrainingReport Report(long step, int epoch, double learningRate) => new(
        step, epoch, Loss, Marginal - Conditional, Marginal, Conditional, Noise.Divergence, Space.Divergence, Noise.Flipped, Space.Flipped, learningRate)
    {
        Composed = Both.Divergence,
        FlippedByBoth = Both.Flipped,
        Strength = Strength,
    };
}
