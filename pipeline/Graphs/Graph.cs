using System.Diagnostics;
using System.Threading.Tasks.Dataflow;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>Runs flows.</summary>
public static class Graph
{
    /// <summary>Runs a flow to the end of its source.</summary>
    /// <returns>The books and figures, checked to balance.</returns>
    /// <exception cref="RunException">Something outside the program failed; the message is for the user.</exception>
    /// <exception cref="RejectLimitException">More faults than the policy bears.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="interrupt"/> was cancelled.</exception>
    public static async Task<FlowSummary> RunAsync(FlowPlan plan, IRunHost host, CancellationToken interrupt = default)
    {
        var run = new Run(plan, host, interrupt);
        try
        {
            await using (run.ConfigureAwait(false))
            {
                await plan.Graph.RunAsync(run).ConfigureAwait(false);
                host.ShardsSettled(plan.Name, run.Shards.Settle(ended: true));
            }

            run.CheckBooks();
        }
        catch
        {
            Leave(run);
            throw;
        }

        return Summary(run, run.Ended);
    }

    private static void Leave(Run run)
    {
        if (run.Stages.Count > 0)
        {
            run.Host.Stopped(Summary(run, Stopwatch.GetTimestamp()) with { Unfinished = true });
        }
    }

    private static FlowSummary Summary(Run run, long now)
    {
        StageFigures[] stages =
        [
            .. run.Stages.Select(s => new StageFigures(
                s.Stage, s.Meter.Parallelism, s.Sequential, s.Books.In, s.Books.Passed, s.Books.Rejected, s.Books.Dropped, s.Books.Emitted, s.Books.Bytes, s.Meter.Read(now)) { Threads = s.Threads }),
        ];
        var elapsed = Stopwatch.GetElapsedTime(run.Start, now);
        return new FlowSummary(
            run.Plan.Name, stages[0].In, run.Budget.Left, run.Rejected, elapsed, run.Budget.PeakItems, run.Budget.PeakBytes, stages, Bottleneck.Sentence(stages, elapsed))
        {
            Opening = run.Opened > 0 ? Stopwatch.GetElapsedTime(run.Start, run.Opened) : elapsed,
            Auto = run.Stages.Any(s => s.IsAuto) ? run.Auto.Now : null,
        };
    }
}

/// <summary>A source, its stages and one or more sinks.</summary>
internal sealed record Graph<T>(Flow<T> Upstream, IReadOnlyList<Sink<T>> Sinks) : IGraph
{
    IReadOnlyList<StageNode> IGraph.Nodes
    {
        get
        {
            var gathers = 1L;
            return
            [
                .. Upstream.Nodes.Concat(Sinks.Select(s => new StageNode(s.Name, s.Flow with { Parallelism = 1 }, 1, 1, typeof(void)) { Borrows = s.Borrows })).Select(node =>
                {
                    var flow = node.Flow.For(gathers);
                    gathers *= node.Gathers;
                    return node with { Flow = flow };
                }),
            ];
        }
    }

    public IReadOnlyList<string> Inputs => Upstream.Inputs;

    public ISource Source => Upstream.Head;

    Outlook IGraph.Foresee(Outlook start) => Sinks.Aggregate(Upstream.Foresee(start), (outlook, sink) => outlook.By(sink.Name, sink.Foresee));

    IGraph IGraph.Cut(SourceCut cut) => this with { Upstream = Upstream.Cut(cut) };

    IGraph IGraph.Beginning(SourceCut cut) => Upstream.Beginning(cut);

    async Task IGraph.RunAsync(Run run)
    {
        var writers = new List<ISinkWriter<T>>();
        var outlet = Upstream.Open(run);
        var targets = Sinks.Select(sink => OpenSink(run, sink, outlet.Books, writers)).ToList();
        var entry = targets.Count == 1 ? targets[0] : Tee(run, targets);
        outlet.Block.LinkTo(entry, Run.Linked);
        await run.StartSourceAsync().ConfigureAwait(false);
        await run.FinishAsync().ConfigureAwait(false);
        foreach (var writer in writers)
        {
            await writer.CompleteAsync(run.Stop).ConfigureAwait(false);
        }

        run.MarkEnded();
    }

    private static ActionBlock<Item<T>> OpenSink(Run run, Sink<T> sink, StageBooks upstream, List<ISinkWriter<T>> writers)
    {
        var stage = run.Add(sink.Name, sink.Flow, upstream, new StageKind(Sequential: true, IsSink: true));
        var writer = sink.Open(stage);
        run.AtEnd(writer.DisposeAsync);
        run.Borders.Hold(stage.Stage, writer, work =>
        {
            work();
            return Task.CompletedTask;
        });
        writers.Add(writer);
        return run.Watch(new ActionBlock<Item<T>>(item => WriteAsync(run, stage, writer, item), stage.Options()));
    }

    private static async Task WriteAsync(Run run, StageRun stage, ISinkWriter<T> writer, Item<T> item)
    {
        stage.Books.Took(item.Tickets);
        var begun = stage.Meter.Begin(item.ReadyAt);
        stage.InHand.Take(item);
        try
        {
            var fault = await writer.WriteAsync(item.Value, stage.ContextOf(item.Context), run.Stop).ConfigureAwait(false);
            stage.Meter.End(begun);
            if (fault is not null)
            {
                stage.Reject(item, fault);
                return;
            }

            run.Owned.Release(item.Value);
            stage.Books.Pass();
            run.Budget.Leave(item.Tickets);
        }
        catch (Exception e)
        {
            throw stage.Failure(e, item.Context);
        }
        finally
        {
            stage.InHand.Leave(item);
        }
    }

    /// <summary>Gives every item to every target. One bounded block linked to several targets would lose items.</summary>
    private static ActionBlock<Item<T>> Tee(Run run, List<ActionBlock<Item<T>>> targets)
    {
        var tee = run.Watch(new ActionBlock<Item<T>>(
            async item =>
            {
                run.Budget.Split(item.Tickets, targets.Count - 1);
                run.Owned.Share(item.Value, targets.Count);
                foreach (var target in targets)
                {
                    if (!await target.SendAsync(item, run.Stop).ConfigureAwait(false))
                    {
                        throw new OperationCanceledException("The run has stopped.");
                    }
                }
            },
            new ExecutionDataflowBlockOptions { BoundedCapacity = 1, CancellationToken = run.Stop }));
        _ = tee.Completion.ContinueWith(_ => targets.ForEach(t => t.Complete()), TaskScheduler.Default);
        return tee;
    }
}
