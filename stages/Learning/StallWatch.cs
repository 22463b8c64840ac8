using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Learning;

/// <summary>Tells whether the perturbations, once they had their full weight, left the network undecided for good.</summary>
internal sealed class StallWatch(InmarsOptions options)
{
    private const int Looks = 10;
    private readonly long _last = options.WarmupSteps + (2L * options.RampSteps);
    private readonly List<double> _shares = [];
    private long _step;

    /// <summary>Whether mutual information was too small in the last steps that were looked at.</summary>
    public bool HasStalled => _step == _last && _shares.Count > 0 && _shares.Average() < options.RestartBelow;

    public void Carry(StateArchive state)
    {
        _step = state.Value("step", _step);
        var shares = state.Value("shares", _shares.ToArray());
        _shares.Clear();
        _shares.AddRange(shares);
    }

    /// <param name="step">From 1.</param>
    /// <param name="share">Mutual information of its batch over ln K; asked for where it is looked at only.</param>
    public void Note(long step, Func<double> share)
    {
        _step = step;
        if (options.RestartBelow > 0 && options.RampSteps > 0 && step > _last - Looks && step <= _last)
        {
            _shares.Add(share());
        }
    }
}
