using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>The three views of one batch.</summary>
/// <param name="Noise">Answers under adversarial noise; none where that is off.</param>
/// <param name="Space">Answers under the adversarial spatial perturbation; none where that is off.</param>
internal sealed record Views(SuperpixelScores Clean, SuperpixelScores? Noise, SuperpixelScores? Space)
{
    public Views Head(long first, long count) => new(Clean.Head(first, count), Noise?.Head(first, count), Space?.Head(first, count));
}

/// <summary>What is minimised, and its parts; scalars.</summary>
internal sealed record Objective(Tensor Loss, MutualInformation Information, Tensor Photometric, Tensor Spatial)
{
    /// <summary>H(Y|X) - mu H(Y) + weighted divergences of the perturbed views.</summary>
    public static Objective Of(Views views, LearnerOptions options, double mu)
    {
        var information = MutualInformation.Of(views.Clean);
        var none = zeros_like(information.Marginal);
        var noise = views.Noise is null ? none : Divergence.Of(views.Clean, views.Noise);
        var space = views.Space is null ? none : Divergence.Of(views.Clean, views.Space);
        var loss = information.Conditional - (information.Marginal * mu) + (noise * options.Photometric.Weight) + (space * options.Spatial.Weight);
        return new Objective(loss, information, noise, space);
    }
}
