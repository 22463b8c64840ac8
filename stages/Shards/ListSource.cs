using System.Runtime.CompilerServices;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>What <c>list.read</c> reads.</summary>
/// <param name="Path">CSV file with a header.</param>
/// <param name="Shuffle">Whether samples come in a random order, another one each epoch.</param>
/// <param name="MaxFileMb">Largest file, in MiB, 1 to 2047.</param>
public sealed record ListReadOptions(string Path, bool Shuffle = false, int MaxFileMb = 512);

/// <summary>Samples that a CSV list names.</summary>
public static class ListSource
{
    public const string Name = "list.read";

    public static Source<Sample> Of(ListReadOptions options) => new(
        Name,
        (context, from, stop) => Read(options, context, from, stop),
        (_, stop) => Task.Run<long?>(() => SampleList.Read(options.Path).Count, stop))
    {
        ListInputs = () => [options.Path],
        Check = (_, stop) => Task.Run(() => FileSamples.Check(SampleList.Read(options.Path)), stop),
        Measure = SampleSize.ExtentOf,
        Spread = (_, most, _) => FileSamples.Spread(SampleList.Read(options.Path), most, (long)options.MaxFileMb << 20),
    };

    private static async IAsyncEnumerable<Sourced<Sample>> Read(
        ListReadOptions options, IStageContext context, Cursor from, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var order = FileSamples.Order(SampleList.Read(options.Path), options.Shuffle, SplitMix64.Of(context.Run.Seed, Name, from.Epoch));
        var reading = new Reading(context);
        await foreach (var item in Emission.From(order, from, e => FileSamples.Emit(e, (long)options.MaxFileMb << 20, reading, context.ArraysOfNext()), stop).ConfigureAwait(false))
        {
            yield return item;
        }
    }
}
