namespace InMARS.Stages.Protocols;

/// <summary>Where a pixel stands, for messages.</summary>
internal static class Place
{
    public static string Of(int index, int width) => $"x {index % width}, y {index / width}";
}
