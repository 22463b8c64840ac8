using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Conformance;

/// <summary>The kit itself: it finds each of the sins it is there for, and no others.</summary>
public class StageConformanceTests
{
    [Fact]
    public async Task A_stage_that_keeps_the_rules_is_found_without_fault() =>
        Assert.Empty(await Found((t, item) => t.Number == 3 ? new Fault("test.three", "expected no three, found 3") : Result.Ok($"{t.Number} {item.Seed}")));

    [Fact]
    public async Task A_stage_that_hands_its_input_on_is_found_without_fault() =>
        Assert.Empty(await StageConformance.CheckAsync(Case<Tracked>((t, _) => t, t => $"{t.Number} {t.IsDisposed}")));

    [Fact]
    public async Task A_stage_that_throws_is_named() =>
        Assert.Equal(["throws FormatException: no number"], await Found((t, _) => t.Number == 2 ? throw new FormatException("no number") : "fine"));

    [Fact]
    public async Task A_stage_that_disposes_its_input_is_named() => Assert.Equal(
        ["leaves an input that is disposed 2 times; expected once, by the graph"],
        await Found((t, _) =>
        {
            t.Dispose();
            return "fine";
        }));

    [Fact]
    public async Task A_stage_that_remembers_is_named()
    {
        var seen = 0;

        Assert.Contains("makes something else of an item without the items before it", await Found((_, _) => $"{Interlocked.Increment(ref seen)}"));
    }

    [Fact]
    public async Task A_stage_that_changes_its_input_is_named()
    {
        var stage = new StageCase<int[], int>(
            flow => Stage.Map<int[], int>("stage", flow, (numbers, _) => ++numbers[0]), [() => [1, 2], () => [3, 4]], n => $"{n[0]} {n[1]}", n => $"{n}");

        Assert.Equal(["changes its input, which it has only borrowed"], await StageConformance.CheckAsync(stage));
    }

    [Fact]
    public async Task A_fault_without_a_sentence_is_named() => Assert.Equal(
        ["has a fault 'bad' with message ''; expected a dotted code and a sentence"], await Found((_, _) => new Fault("bad", "")));

    private static Task<IReadOnlyList<string>> Found(Kernel<Tracked, string> kernel) => StageConformance.CheckAsync(Case(kernel, text => text));

    private static StageCase<Tracked, TOut> Case<TOut>(Kernel<Tracked, TOut> kernel, Func<TOut, string> print)
    {
        var counter = new Tracked.Counter();
        return new StageCase<Tracked, TOut>(
            flow => Stage.Map("stage", flow, kernel), [.. Enumerable.Range(0, 8).Select(Func<Tracked> (i) => () => Tracked.Make(counter, i))], t => $"{t.Number}", print)
        {
            Disposals = t => t.Disposals,
        };
    }
}
