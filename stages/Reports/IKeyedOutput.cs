using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Reports;

/// <summary>Where encoded images go, each under the key of the item it belongs to. What is not committed leaves no file behind.</summary>
internal interface IKeyedOutput : IResumable, IDisposable
{
    /// <summary>Takes an encoded image, which it keeps nothing of, or says why its key cannot be a file name.</summary>
    Fault? Add(Origin origin, ReadOnlyMemory<byte> png);

    /// <summary>Makes everything final.</summary>
    void Commit();
}
