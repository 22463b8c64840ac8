using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>Everything <c>learn.inmars</c> can be told; one flat map in a run file.</summary>
public sealed record LearnerOptions(TrainingOptions Training, InmarsOptions Objective)
{
    private const int OverclustersPerCluster = 4;
    private const double SecondWeight = 0.75;

    /// <summary>The same for a second start: the perturbations from the first step on, with less weight than what proved too much, light of every colour, and no further start.</summary>
    internal LearnerOptions Again() => this with
    {
        Objective = Objective with
        {
            WarmupSteps = 0,
            RampSteps = 0,
            RestartBelow = 0,
            Tint = Math.Max(Objective.Tint, Objective.Jitter),
            Photometric = Objective.Photometric with { Weight = SecondWeight * Objective.Photometric.Weight },
            Spatial = Objective.Spatial with { Weight = SecondWeight * Objective.Spatial.Weight },
        },
    };

    public static LearnerOptions Read(Fields f)
    {
        var training = TrainingOptions.Read(f, TrainingOptions.Recipe, clusters => OverclustersPerCluster * clusters);
        var objective = InmarsOptions.Read(f, training.Clusters);
        if (training.Clusters > 0 && objective.Merging != MergeRule.None && training.Overclustering.Clusters <= training.Clusters)
        {
            f.Refuse("merging", $"there is nothing to join: expected overclustering.clusters above {training.Clusters}, found {training.Overclustering.Clusters}");
        }

        return new LearnerOptions(training, objective);
    }
}
