using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>Everything <c>learn.inmars</c> can be told; one flat map in a run file.</summary>
public sealed record LearnerOptions(TrainingOptions Training, InmarsOptions Objective)
{
    private const int OverclustersPerCluster = 4;

    public static LearnerOptions Read(Fields f)
    {
        var training = TrainingOptions.Read(f, new TrainingOptions(2), clusters => OverclustersPerCluster * clusters);
        var objective = InmarsOptions.Read(f, training.Clusters);
        if (objective.Merging != MergeRule.None && training.Overclustering.Clusters <= training.Clusters)
        {
            f.Refuse("merging", $"there is nothing to join: expected overclustering.clusters above {training.Clusters}, found {training.Overclustering.Clusters}");
        }

        return new LearnerOptions(training, objective);
    }
}
