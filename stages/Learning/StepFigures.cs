using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>The numbers of a step, brought to the host in one transfer.</summary>
internal sealed record StepFigures(
    double Loss, double Marginal, double Conditional, double Photometric, double Spatial, double FlippedByNoise, double FlippedBySpace, double GradientNorm)
{
    public bool AreFinite => double.IsFinite(Loss) && double.IsFinite(GradientNorm);

    public static StepFigures Read(Views views, Tensor gradientNorm)
    {
        var information = MutualInformation.Of(views.Clean);
        var none = zeros_like(views.Loss);
        var all = stack([
            views.Loss,
            information.Marginal,
            information.Conditional,
            views.Noise is null ? none : Divergence.Of(views.Clean, views.Noise),
            views.Space is null ? none : Divergence.Of(views.Clean, views.Space),
            views.Noise is null ? none : Divergence.Flipped(views.Clean, views.Noise),
            views.Space is null ? none : Divergence.Flipped(views.Clean, views.Space),
            gradientNorm]);
        var v = all.to(ScalarType.Float64).cpu().data<double>().ToArray();
        return new StepFigures(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
    }

    public TrainingReport Report(long step, int epoch, double learningRate) => new(
        step, epoch, Loss, Marginal - Conditional, Marginal, Conditional, Photometric, Spatial, FlippedByNoise, FlippedBySpace, learningRate);
}
