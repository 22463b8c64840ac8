using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Learning;

/// <summary>The state in which one cluster has taken nearly everything.</summary>
internal static class Collapse
{
    private const double Limit = 0.95;

    /// <summary>A sentence for the user, or null where no cluster covers more than 95 %.</summary>
    public static string? Of(IReadOnlyList<double> shares)
    {
        var largest = shares.Max();
        return largest > Limit
            ? $"cluster {shares.ToList().IndexOf(largest)} covers {largest:P1} of the area: the segmentation has collapsed. Raise mu, or lower the weights of the perturbations."
            : null;
    }

    /// <summary>Writes the warning, where there is one, and returns it as notes for a report.</summary>
    public static IReadOnlyList<string> Warn(IStageContext context, IReadOnlyList<double> shares)
    {
        if (Of(shares) is not { } warning)
        {
            return [];
        }

        context.Log("warning", $"{context.Stage}: {warning}");
        return [$"warning: {warning}"];
    }
}
