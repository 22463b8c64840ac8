using System.Runtime.CompilerServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>What <c>pairs.read</c> reads.</summary>
/// <param name="Predictions">Shard patterns, or one folder; null for what this run wrote into its <c>predictions</c> folder.</param>
/// <param name="Labels">Shard patterns, or one folder.</param>
/// <param name="Partial">Whether label maps without a prediction are left out and only counted, instead of being faults.</param>
public sealed record PairReadOptions(IReadOnlyList<string>? Predictions, IReadOnlyList<string> Labels, bool Partial = false)
{
    public ShardLimits Limits { get; init; } = new();
}

/// <summary>Predicted maps with the true ones of the same key, for evaluation.</summary>
/// <remarks>
/// Label maps are indexed by place and read when their prediction comes; those of compressed shards are held encoded, up to 1 GiB.
/// Predictions come in their own order, then the label maps that are left, as <c>pairs.no_partner</c>.
/// </remarks>
public static class PairSource
{
    public const string Name = "pairs.read";

    public static Source<PairedMaps> Of(PairReadOptions options) => new(
        Name,
        (context, from, stop) => Read(options, context, from, stop),
        (context, stop) => Task.Run<long?>(() => Plan(options, Predictions(options, context), _ => { }).Count(), stop))
    {
        GoesByShards = true,
    };

    private static async IAsyncEnumerable<Sourced<PairedMaps>> Read(
        PairReadOptions options, IStageContext context, Cursor from, [EnumeratorCancellation] CancellationToken stop)
    {
        using var bodies = new PartBodies(new Reading(context));
        var items = Emission.From(Plan(options, Predictions(options, context), text => context.Log("pairs.left_out", text)), from, pair => Load(pair, bodies), stop);
        await foreach (var item in items.ConfigureAwait(false))
        {
            yield return item;
        }
    }

    private static IReadOnlyList<string> Predictions(PairReadOptions options, IStageContext context) =>
        options.Predictions ?? [Path.Combine(context.Run.Directory, "predictions")];

    private static IEnumerable<Pair> Plan(PairReadOptions options, IReadOnlyList<string> predictions, Action<string> log)
    {
        var labels = MapIndex.Of(MapRef.Below(options.Labels, SampleRoles.Label, options.Limits));
        foreach (var faulty in labels.Faulty)
        {
            yield return new Pair(faulty.Origin, null, faulty.Fault!);
        }

        foreach (var prediction in MapRef.Below(predictions, SampleRoles.Prediction, options.Limits))
        {
            yield return new Pair(prediction.Origin, prediction, prediction.Fault ?? labels.Take(prediction.Origin.Key));
        }

        var left = labels.Untaken.ToList();
        foreach (var label in options.Partial ? [] : left)
        {
            yield return new Pair(label.Origin, null, new Fault("pairs.no_partner", $"label map '{label.Origin.Key}' has no prediction; expected one of that name"));
        }

        if (options.Partial && left.Count > 0)
        {
            log($"{left.Count} label maps have no prediction and are left out; the first is '{left[0].Origin}'");
        }
    }

    private static Sourced<PairedMaps> Load(Pair pair, PartBodies bodies)
    {
        var maps = from truth in pair.Truth
                   from predicted in pair.Prediction!.Read(bodies)
                   from known in truth.Read(bodies)
                   select new PairedMaps(pair.Origin, predicted, known);
        return new Sourced<PairedMaps>(maps, pair.Origin, maps.Match(m => SampleSize.OfMap(m.Prediction) + SampleSize.OfMap(m.Truth), _ => 0));
    }

    /// <summary>One position: a prediction with its label map, or why there is no pair.</summary>
    private sealed record Pair(Origin Origin, MapRef? Prediction, Result<MapRef> Truth);
}
