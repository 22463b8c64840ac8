using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>What is kept and looked at while a learner trains; nothing of it changes what is learned.</summary>
/// <param name="Snapshots">Models that are kept, at even distances through the flow, the last included; 0 keeps the last model only.</param>
/// <param name="Gallery">Images that are drawn after every epoch; 0 for none.</param>
public sealed record WatchOptions(int Snapshots = 5, int Gallery = 4)
{
    public static WatchOptions Read(Fields f, WatchOptions d) => new(
        f.Get("snapshots", Decode.WholeNumber.Between(0, 100), d.Snapshots, "Models kept through the flow at even distances, the last included, with figures that need no labels; 0 keeps the last alone."),
        f.Get("gallery", Decode.WholeNumber.Between(0, 64), d.Gallery, "Images drawn after every epoch, with what perturbs them and what becomes of their clusters; 0 for none."));
}
