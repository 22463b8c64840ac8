using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Soak.Stages;
using InMARS.Stages.Images;

[assembly: StageModule(typeof(SoakStages))]

namespace InMARS.Soak.Stages;

/// <summary>A stage as nobody should write one: it can stop for ever.</summary>
public sealed class SoakStages : IStageModule
{
    /// <summary>Name of the stage, in run files and in what the program tells of it.</summary>
    public const string Hold = "soak.hold";

    public IEnumerable<StageEntry> Entries =>
    [
        StageEntry.Stage<RgbImage, RgbImage>(
            Hold,
            "Hands images on, until a file appears; then it blocks for ever at the image in hand.",
            "Emits the image itself. Holds back nothing. Never fails.",
            (fields, step) =>
            {
                var marker = fields.Require("marker", Decode.Text, "The file; the origin of the image in hand is written into it.");
                return Stage.Map<RgbImage, RgbImage>(Hold, step.Flow, (image, _) =>
                {
                    BlockWhere(marker, image.Origin);
                    return image;
                }) with { Foresee = outlook => outlook };
            }),
    ];

    private static void BlockWhere(string marker, Origin origin)
    {
        if (File.Exists(marker))
        {
            File.WriteAllText(marker, origin.ToString());
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
