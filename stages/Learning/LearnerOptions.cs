using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>Everything <c>learn.inmars</c> can be told; one flat map in a run file.</summary>
public sealed record LearnerOptions(TrainingOptions Training, InmarsOptions Objective)
{
    public static LearnerOptions Read(Fields f)
    {
        var training = TrainingOptions.Read(f, new TrainingOptions(2));
        return new LearnerOptions(training, InmarsOptions.Read(f, training.Clusters));
    }
}
