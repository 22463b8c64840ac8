using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Reports;

namespace InMARS.Stages.Evaluation;

/// <summary>Predictions in a checkpoint.</summary>
internal static class PredictionState
{
    /// <param name="now">What to save; null while loading.</param>
    public static Prediction Carry(StateArchive state, Prediction? now)
    {
        var (origin, height, width, count, rule) = state.Value(
            "shape", (now?.Origin ?? default, now?.Height ?? 0, now?.Width ?? 0, now?.ClusterCount ?? 0, now?.ResizeRule));
        var pictured = state.Value("pictured", now?.Image is not null);
        var styles = state.Value("legend", now?.Legend?.Clusters.ToArray());
        return new Prediction(
            origin,
            height,
            width,
            count,
            state.Numbers<ushort>("clusters", now?.Clusters),
            pictured ? ImageState.Carry(state.Within("image"), now?.Image) : null,
            ImageState.Carry(state, now?.Truth),
            rule)
        {
            Legend = styles is null ? null : new ClusterLegend(styles),
        };
    }
}
