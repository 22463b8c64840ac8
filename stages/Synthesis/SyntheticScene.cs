namespace InMARS.Stages.Synthesis;

/// <summary>A made image whose classes are known.</summary>
/// <param name="Pixels">Red, green, blue, 8 bits each, <c>[Height, Width, 3]</c>, row major.</param>
/// <param name="Classes">Class of each pixel, an index into <see cref="SyntheticScenes.Classes"/>, <c>[Height, Width]</c>, row major.</param>
public sealed record SyntheticScene(int Height, int Width, byte[] Pixels, byte[] Classes);
