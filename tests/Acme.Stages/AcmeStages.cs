using Acme.Stages;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;

[assembly: StageModule(typeof(AcmeStages))]

namespace Acme.Stages;

public sealed class AcmeStages : IStageModule
{
    public IEnumerable<StageEntry> Entries =>
    [
        StageEntry.Stage<RgbImage, RgbImage>(
            "acme.gain",
            "Multiplies every value by a factor.",
            "Emits one image for each. Holds back with what follows. Fails with `acme.dark` on an image that is all black.",
            (fields, step) =>
            {
                var factor = fields.Get("factor", Decode.Number.Between(0.1, 10), 1.5, "What values are multiplied by.");
                return Stage.Map<RgbImage, RgbImage>("acme.gain", step.Flow, (image, _) => Gain(image, factor)) with { Foresee = outlook => outlook };
            }),
    ];

    private static Result<RgbImage> Gain(RgbImage image, double factor) =>
        Array.TrueForAll(image.Pixels, value => value == 0)
            ? new Fault("acme.dark", "expected an image with some light in it, found only zeros")
            : image with { Pixels = Array.ConvertAll(image.Pixels, value => (byte)Math.Min(255, Math.Round(value * factor))) };
}
