using InMARS.Stages.Images;

namespace InMARS.Stages.Superpixels;

/// <summary>An image and its partition into superpixels.</summary>
/// <param name="Labels">Superpixel of each pixel, <c>[Height, Width]</c>, row major, in <c>[0, Count)</c> without gaps.</param>
public sealed record SuperpixelMap(RgbImage Image, int[] Labels, int Count);
