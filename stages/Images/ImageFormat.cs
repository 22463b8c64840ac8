namespace InMARS.Stages.Images;

/// <summary>The file formats that are read.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Tiff,
    Bmp,
}
