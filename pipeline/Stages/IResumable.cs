namespace InMARS.Pipeline.Stages;

/// <summary>
/// What the state of a fold, or an open sink, offers so that a checkpoint can hold it. A flow of which every fold and sink
/// offers it goes on in its midst; any other starts again from its beginning.
/// </summary>
/// <remarks>Called at borders of the flow only, when no item is under way; for a fold on its own thread.</remarks>
public interface IResumable
{
    /// <summary>Whether nothing is half done that <see cref="Carry"/> would leave out; otherwise the border waits for a later item.</summary>
    bool AtBorder => true;

    /// <summary>Whether output waits for the next checkpoint to become visible. May be asked from any thread.</summary>
    bool AwaitsCheckpoint => false;

    /// <summary>Hands its state over, or takes it back. Output that the state speaks of is on the disk when this returns.</summary>
    void Carry(StateArchive state);

    /// <summary>The checkpoint that holds the state is on the disk: what is finished may get its name. May come twice for the same state.</summary>
    void Publish()
    {
    }
}
