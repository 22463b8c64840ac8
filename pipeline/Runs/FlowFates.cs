using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Runs;

/// <summary>Tells what becomes of each flow, file and epoch of a run that is resumed, by its last checkpoint and its ledger.</summary>
/// <param name="ledger">Null where the run has none.</param>
internal sealed class FlowFates(string directory, SavedState? state, LedgerReader? ledger)
{
    public FlowFate Of(FlowPlan flow)
    {
        var rows = ledger?.Shards(flow.Name) ?? [];
        var at = state?.Flow is { } here && here.Flow == flow.Name ? here : null;
        var parts = state?.Done.Contains(flow.Name) == true ? Ended(flow, rows)
            : at is not null ? UnderWay(flow, at, rows)
            : Untouched(flow, rows);
        return FlowFate.Of(flow, state) with { Parts = [.. parts] };
    }

    private IEnumerable<PartFate> Ended(FlowPlan flow, IReadOnlyList<ShardRow> rows) => flow.Epochs > 1
        ? [new PartFate(1, flow.Epochs, null, null, 0, Fate.Reuse, null, "read to their ends")]
        : Joined(0, Ordered(flow, rows.Select(r => r.Event.Shard)).Select(file => Read(file, rows.FirstOrDefault(r => r.Event.Shard == file))));

    private IEnumerable<PartFate> UnderWay(FlowPlan flow, FlowState at, IReadOnlyList<ShardRow> rows)
    {
        var epoch = at.Next.Epoch;
        if (epoch > 0)
        {
            yield return new PartFate(1, epoch, null, null, 0, Fate.Reuse, null, epoch > 1 ? "read to their ends" : "read to its end");
        }

        foreach (var part in epoch < flow.Epochs ? Joined(epoch, Files(flow, at, [.. rows.Where(r => r.Event.Epoch == epoch)])) : [])
        {
            yield return part;
        }

        if (epoch + 1 < flow.Epochs)
        {
            yield return new PartFate(epoch + 2, flow.Epochs, null, null, 0, Fate.Do, null, "not begun");
        }
    }

    private static IEnumerable<PartFate> Untouched(FlowPlan flow, IReadOnlyList<ShardRow> rows)
    {
        var known = rows.Select(r => r.Event.Shard).ToHashSet();
        var files = Ordered(flow, known).Select(file => known.Contains(file)
            ? new FileFate(file, Fate.Redo, "no checkpoint was taken within the flow")
            : new FileFate(file, Fate.Do, "not begun"));
        return flow.Epochs > 1
            ? [new PartFate(1, flow.Epochs, null, null, 0, known.Count > 0 ? Fate.Redo : Fate.Do, null, known.Count > 0 ? "no checkpoint was taken within the flow" : "not begun")]
            : Joined(0, files);
    }

    private IEnumerable<FileFate> Files(FlowPlan flow, FlowState at, IReadOnlyList<ShardRow> rows)
    {
        var told = rows.DistinctBy(r => r.Event.Shard).ToDictionary(r => r.Event.Shard);
        var read = ShardBooks.Notes(at).Where(n => n.Epoch == at.Next.Epoch).GroupBy(n => n.Shard).ToDictionary(g => g.Key, g => g.Last().Read);
        var files = Ordered(flow, read.Keys.Concat(told.Keys));
        // In order, only the last that was come to may not be read to its end; mixed ones, as far as the ledger knows.
        var inOrder = files.Take(read.Count).All(read.ContainsKey);
        var ended = false;
        foreach (var (place, file) in files.Index())
        {
            var row = told.GetValueOrDefault(file);
            var isNext = ended && inOrder && place == read.Count;
            ended = read.TryGetValue(file, out var samples) && row is { Event: { State: ShardState.Done } known } && known.Counts.Read == samples;
            yield return samples == 0 ? Unread(file, row, isNext)
                : ended || (inOrder && place < read.Count - 1) ? Read(file, row)
                : new FileFate(file, Fate.GoOn, "the checkpoint stands there", samples);
        }
    }

    /// <param name="isNext">Whether all before it are read to their ends, and the checkpoint so stands before it.</param>
    private static FileFate Unread(string file, ShardRow? row, bool isNext) => row is not null
        ? new FileFate(file, Fate.Redo, "read after the checkpoint")
        : new FileFate(file, Fate.Do, isNext ? "not read yet; the next" : "not read yet");

    private FileFate Read(string file, ShardRow? row)
    {
        var outputs = row?.Event.Outputs ?? [];
        var reason = outputs.FirstOrDefault(o => !IsThere(o)) is { } gone ? $"written, but '{gone.Path}' is not there as it was"
            : outputs.Count > 0 ? "written, SHA-256 known"
            : "read; the checkpoint holds what became of it";
        return new FileFate(file, Fate.Reuse, reason);
    }

    private bool IsThere(WrittenFile output) => new FileInfo(Path.Combine(directory, output.Path)) is { Exists: true } file && file.Length == output.Bytes;

    /// <summary>The files that the flow names, where it is these that its items come from; else those they came from.</summary>
    private static List<string> Ordered(FlowPlan flow, IEnumerable<string> seen)
    {
        var named = InputFiles.Names(flow.Graph).Distinct().ToList();
        var others = seen.Distinct().Except(named).ToList();
        return others.Count == 0 ? named : others;
    }

    private static IEnumerable<PartFate> Joined(int epoch, IEnumerable<FileFate> files)
    {
        PartFate? run = null;
        foreach (var (file, fate, reason, sample) in files)
        {
            if (run is not null && (run.Fate, run.Sample, run.Reason) == (fate, sample, reason))
            {
                run = run with { LastFile = file, Files = run.Files + 1 };
                continue;
            }

            if (run is not null)
            {
                yield return run;
            }

            run = new PartFate(epoch + 1, epoch + 1, file, file, 1, fate, sample, reason);
        }

        if (run is not null)
        {
            yield return run;
        }
    }

    private sealed record FileFate(string File, Fate Fate, string Reason, long? Sample = null);
}
