using InMARS.Pipeline.Stages;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <content>What a checkpoint holds of a learner.</content>
public sealed partial class Learner
{
    /// <summary>Whether no step waits for more of its batches.</summary>
    public bool AtBorder => _group is null;

    public void Carry(StateArchive state)
    {
        using var scope = NewDisposeScope();
        _step = state.Value("step", _step);
        _setbacks.Carry(state);
        _microBatches.Carry(state);
        _uprightness.Carry(state.Within("uprightness"));
        _network.Upright = _uprightness.IsUpright;
        var model = state.Within("model");
        CarryModel(model);
        _setbacks.Remember(model.Own);
        var recent = state.Value("recent", _recent.ToArray());
        _recent.Clear();
        Array.ForEach(recent, _recent.Enqueue);
        _watch.Carry(state.Within("watch"));
    }

    private IReadOnlyDictionary<string, byte[]> Model()
    {
        var model = StateArchive.Save();
        CarryModel(model);
        return model.Entries;
    }

    /// <summary>All that steps change of what is learned.</summary>
    private void CarryModel(StateArchive state)
    {
        var again = state.Value("again", _again);
        if (again != _again)
        {
            _again = again;
            (_objective as IDisposable)?.Dispose();
            _objective = _objectives(_network, _random, again);
        }

        state.Within("network").Tensors(_network.State);
        _optimiser.Carry(state.Within("optimiser"));
        _average?.Carry(state.Within("average"));
        _objective.Carry(state.Within("objective"));
    }
}
