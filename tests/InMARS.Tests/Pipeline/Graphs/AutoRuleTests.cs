using CsCheck;
using InMARS.Pipeline.Graphs;

namespace InMARS.Tests.Pipeline.Graphs;

public class AutoRuleTests
{
    private static readonly Gen<StageLoad> _load = Gen.Select(Gen.Double[0, 50], Gen.Double[0.1, 4], Gen.Bool, Gen.Int[1, 8], Gen.Int[1, 16])
        .Select((ms, calls, sequential, threads, gathers) => new StageLoad("stage", ms, calls, sequential, sequential ? threads : 1, gathers));

    private static readonly Gen<(StageLoad[] Stages, int Cores)> _flow = Gen.Select(_load.Array[1, 8], Gen.Int[1, 64]);

    [Fact]
    public void Two_cores_are_shared_by_what_each_stage_takes()
    {
        StageLoad[] stages = [new("read", 0.1, 1, true), new("decode", 1, 1), new("cut", 6, 1), new("write", 0.5, 1, true)];

        Assert.Equal(3.8, AutoRule.Pace(stages, 2), 1e-12);
        Assert.Equal([("read", 1, 2), ("decode", 1, 2), ("cut", 2, 4), ("write", 1, 2)], AutoRule.Of(stages, 2).Select(s => (s.Stage, s.Parallelism, s.Capacity)));
    }

    [Fact]
    public void A_learner_on_all_cores_leaves_one_hand_to_each_stage_before_it()
    {
        StageLoad[] stages = [new("read", 0.1, 1, true), new("decode", 1, 1), new("cut", 6, 1), new("batch", 0.01, 1, true, Gathers: 8), new("learn", 400, 0.125, true, Threads: 16)];

        Assert.Equal([1, 1, 1, 1, 1], AutoRule.Of(stages, 16).Select(s => s.Parallelism));
    }

    [Fact]
    public void A_device_that_takes_an_item_in_a_millisecond_has_every_core_cut_for_it()
    {
        StageLoad[] stages = [new("read", 0.1, 1, true), new("decode", 1, 1), new("cut", 6, 1), new("learn", 8, 0.125, true)];

        Assert.Equal([1, 2, 7, 1], AutoRule.Of(stages, 16).Select(s => s.Parallelism));
    }

    [Fact]
    public void A_stage_holds_what_the_one_before_it_gives_at_once_and_what_it_gathers()
    {
        StageLoad[] stages = [new("read", 1, 1, true), new("batch", 0, 1, true, Gathers: 8), new("segment", 1, 0.125, true), new("write", 1, 1, true)];

        Assert.Equal([2, 2 + 7, 2, 2 + 8], AutoRule.Of(stages, 4).Select(s => s.Capacity));
    }

    [Fact]
    public void Stages_that_take_nothing_have_one_hand() =>
        Assert.Equal([1, 1], AutoRule.Of([new("a", 0, 1), new("b", 0, 1)], 8).Select(s => s.Parallelism));

    [Fact]
    public void Each_stage_has_a_hand_and_all_have_no_more_than_cores_and_stages() => _flow.Sample(flow =>
    {
        var settings = AutoRule.Of(flow.Stages, flow.Cores);
        return settings.All(s => s.Parallelism >= 1 && s.Parallelism <= flow.Cores && s.Capacity > s.Parallelism)
            && settings.Sum(s => s.Parallelism) <= flow.Cores + flow.Stages.Length;
    });

    [Fact]
    public void Every_stage_keeps_up_with_the_pace() => _flow.Sample(flow =>
    {
        var pace = AutoRule.Pace(flow.Stages, flow.Cores);
        return AutoRule.Of(flow.Stages, flow.Cores).All(s => s.Parallelism * pace >= s.Work * (1 - 1e-12));
    });

    [Fact]
    public void A_machine_twice_as_fast_is_set_the_same() => _flow.Sample(flow =>
        AutoRule.Of([.. flow.Stages.Select(s => s with { Milliseconds = s.Milliseconds / 2 })], flow.Cores).Select(s => (s.Parallelism, s.Capacity))
            .SequenceEqual(AutoRule.Of(flow.Stages, flow.Cores).Select(s => (s.Parallelism, s.Capacity))));

    [Fact]
    public void More_cores_take_no_hand_away_where_no_stage_has_threads_of_its_own() => _flow.Sample(flow =>
    {
        StageLoad[] plain = [.. flow.Stages.Select(s => s with { Threads = 1 })];
        return AutoRule.Of(plain, flow.Cores).Zip(AutoRule.Of(plain, flow.Cores + 1)).All(s => s.First.Parallelism <= s.Second.Parallelism);
    });

    [Fact]
    public void A_stage_that_takes_more_gets_no_fewer_hands_and_the_others_no_more() => Gen.Select(_flow, Gen.Double[1, 10]).Sample((flow, times) =>
    {
        var before = AutoRule.Of(flow.Stages, flow.Cores);
        var after = AutoRule.Of([flow.Stages[0] with { Milliseconds = flow.Stages[0].Milliseconds * times }, .. flow.Stages[1..]], flow.Cores);
        return after[0].Parallelism >= before[0].Parallelism && before.Zip(after).Skip(1).All(s => s.Second.Parallelism <= s.First.Parallelism);
    });
}
