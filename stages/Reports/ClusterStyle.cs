namespace InMARS.Stages.Reports;

/// <summary>How a cluster is called and drawn.</summary>
/// <param name="Name">Anything; several clusters may share a name.</param>
/// <param name="Colour">As #rrggbb, in lower case.</param>
public sealed record ClusterStyle(string Name, string Colour)
{
    /// <summary>What a cluster has as long as nobody says otherwise.</summary>
    public static ClusterStyle Default(int cluster) => new($"cluster-{cluster}", Palette.Colour(cluster));
}
