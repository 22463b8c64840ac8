using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Conformance;

/// <summary>One run of a stage over the items of its case, and what came of every item.</summary>
internal sealed class Trial<TIn, TOut>(StageCase<TIn, TOut> stage)
{
    private const long BytesEach = 1000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<(long Index, string Text)> _told = new();
    private readonly List<(TIn Item, string Before)> _made = [];

    /// <summary>What came of each item from the first one read on: its outputs, or its fault.</summary>
    public IReadOnlyList<string> Answers { get; private set; } = [];

    /// <summary>What is wrong with this run taken by itself.</summary>
    public List<string> Complaints { get; } = [];

    /// <param name="from">The item to begin with.</param>
    /// <param name="interruptAt">The item behind which the run is interrupted; negative for none.</param>
    public async Task<Trial<TIn, TOut>> RunAsync(FlowOptions flow, int from = 0, int interruptAt = -1)
    {
        var host = new TestHost();
        using var interrupt = new CancellationTokenSource();
        var interruption = new Interruption(interruptAt, interrupt);
        var source = new Source<TIn>("items", (_, cursor, stop) => ReadAsync(cursor, interruption, stop), (_, _) => Task.FromResult<long?>(stage.Items.Count));
        var graph = source >> stage.Stage(flow) >> new Sink<TOut>("answers", new FlowOptions(), _ => new Listener(this));
        try
        {
            var summary = await Graph.RunAsync(new FlowPlan("conformance", 1, graph) { Start = new Cursor(0, from) }, host, interrupt.Token).WaitAsync(_patience);
            CheckBooks(summary);
        }
        catch (OperationCanceledException) when (interruptAt >= 0)
        {
        }
        catch (TimeoutException)
        {
            Complaints.Add("the run does not end");
            return this;
        }
        catch (Exception e)
        {
            Complaints.Add($"throws {e.GetBaseException().GetType().Name}: {e.GetBaseException().Message}");
        }

        CheckInputs();
        Answers = [.. Enumerable.Range(from, stage.Items.Count - from).Select(index => Answer(index, host.Rejects))];
        return this;
    }

    private string Answer(int index, IEnumerable<Reject> rejects) =>
        rejects.FirstOrDefault(r => r.Index == index) is { Fault: var fault } ? Told(fault) : string.Join(", ", _told.Where(t => t.Index == index).Select(t => t.Text));

    private string Told(Fault fault)
    {
        if (!fault.Code.Contains('.') || string.IsNullOrWhiteSpace(fault.Message))
        {
            Complaints.Add($"has a fault '{fault.Code}' with message '{fault.Message}'; expected a dotted code and a sentence");
        }

        return $"{fault.Code}: {fault.Message}";
    }

    private void CheckBooks(FlowSummary summary)
    {
        var (read, books) = (_made.Count, summary.Stages[1]);
        if (books.In != read || books.Bytes != read * BytesEach || summary.Left != read)
        {
            Complaints.Add($"took {books.In} items of {books.Bytes} bytes, of which {summary.Left} left; expected {read} of {read * BytesEach}");
        }

        if (!_told.Select(t => t.Index).SequenceEqual(_told.Select(t => t.Index).Order()))
        {
            Complaints.Add("gives its outputs in another order than its inputs");
        }
    }

    private void CheckInputs()
    {
        foreach (var (item, before) in _made)
        {
            if (stage.Disposals?.Invoke(item) is { } times and not 1)
            {
                Complaints.Add($"leaves an input that is disposed {times} times; expected once, by the graph");
            }
            else if (stage.Disposals is null && stage.In(item) != before)
            {
                Complaints.Add("changes its input, which it has only borrowed");
            }
        }
    }

    private async IAsyncEnumerable<Sourced<TIn>> ReadAsync(Cursor cursor, Interruption interruption, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var i = (int)cursor.Position; i < stage.Items.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var item = stage.Items[i]();
            _made.Add((item, stage.In(item)));
            yield return new Sourced<TIn>(item, new Origin("items", $"{i}"), BytesEach);
            if (i == interruption.Behind)
            {
                await interruption.Interrupt.CancelAsync();
            }
        }
    }

    private string Print(TOut value) => stage.Out(value);

    private sealed record Interruption(int Behind, CancellationTokenSource Interrupt);

    private sealed class Listener(Trial<TIn, TOut> trial) : ISinkWriter<TOut>
    {
        public Task<Fault?> WriteAsync(TOut value, ItemContext item, CancellationToken stop)
        {
            trial._told.Enqueue((item.Index, trial.Print(value)));
            return Task.FromResult<Fault?>(null);
        }

        public Task CompleteAsync(CancellationToken stop) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
