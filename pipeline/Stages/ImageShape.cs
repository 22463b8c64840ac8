namespace InMARS.Pipeline.Stages;

/// <summary>What an image takes, for estimates.</summary>
/// <param name="Bands">Values of a pixel.</param>
/// <param name="HasTruth">Whether a class for each pixel goes with it.</param>
public readonly record struct ImageShape(int Height, int Width, int Bands, bool HasTruth)
{
    public long Pixels => (long)Height * Width;
}

/// <summary>What a stage writes for one image.</summary>
/// <param name="Gives">The image that it gives.</param>
/// <param name="Bytes">Bytes of pixels, classes and superpixels in its output that are not those of its input.</param>
public readonly record struct ImageCopy(ImageShape Gives, long Bytes);
