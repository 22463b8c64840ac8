using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Whether the network is told how high in the frame a pixel lies.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HeightInput>))]
public enum HeightInput
{
    /// <summary>There is no such input.</summary>
    [JsonStringEnumMemberName("off")]
    Off,

    /// <summary>It is an input.</summary>
    [JsonStringEnumMemberName("on")]
    On,

    /// <summary>It is an input where the images have an up, by <see cref="Uprightness"/>.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,
}

/// <summary>Rows of an image of which a network sees a part.</summary>
/// <param name="First">Row of the image that is the first of the part.</param>
/// <param name="Rows">Rows of the image.</param>
internal readonly record struct Frame(int First, int Rows)
{
    /// <summary>Height of the middle of a row of the part: -1 is the upper edge of the image, 1 the lower one.</summary>
    public float Height(int row) => ((2 * (First + row + 0.5f)) / Rows) - 1;
}

/// <summary>The height of pixels as an input of the network.</summary>
internal static class Heights
{
    /// <summary>How far the heights of an image are moved while a network learns, in half heights of the image.</summary>
    /// <remarks>Up to that far the answers may not depend on them, so that heights tell what is above from what is below, and do not become clusters themselves.</remarks>
    public const double Lift = 0.3;

    /// <param name="images"><c>[N, C, H, W]</c>, of which the heights have size, type and device.</param>
    /// <param name="frame">Where their rows lie.</param>
    /// <param name="lift"><c>[N]</c>, what is added; null for nothing.</param>
    /// <returns><c>[N, 1, H, W]</c>.</returns>
    public static Tensor Of(Tensor images, Frame frame, Tensor? lift)
    {
        var rows = ((arange(images.shape[2], dtype: images.dtype, device: images.device) + (frame.First + 0.5)) * (2.0 / frame.Rows)) - 1;
        var heights = rows.view(1, 1, -1, 1).expand(images.shape[0], 1, -1, images.shape[3]);
        return lift is null ? heights : heights + lift.view(-1, 1, 1, 1);
    }

    /// <summary>Drawn evenly from -<see cref="Lift"/> to <see cref="Lift"/>, <c>[N]</c>.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>.</param>
    public static Tensor Draw(Tensor images, Generator random) =>
        ((rand([images.shape[0]], dtype: images.dtype, device: images.device, generator: random) * 2) - 1) * Lift;
}
