using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Configuration;

/// <summary>Reads the <c>run:</c> part of a run file.</summary>
internal static class RunSettingsReader
{
    public static RunSettings Read(Fields fields) => new(
        fields.Require("name", Decode.Name, "Name of the run and of its directory below `output`."),
        fields.Get("seed", Decode.LongNumber, 1, "Seed of everything random in the run."),
        fields.Get("output", Decode.Text, "runs", "Folder for run directories."),
        fields.Get("device", Decode.OneOf(("auto", "auto"), ("cpu", "cpu"), ("cuda", "cuda")), "auto", "Where networks run."),
        fields.Get("threads", Decode.WholeNumber.Between(0, 1024), 0, "Threads of numeric libraries within one stage; 0 means all cores."),
        fields.Get("memory_mb", Decode.WholeNumber.Between(0, 1 << 30), 0, "Budget for items alive in a graph, in MiB; 0 means a quarter of what there is."),
        fields.Get("cache", Decode.Text, "runs/.cache", "Folder for results that later epochs and runs use again."),
        fields.Group("rejects", Rejects, "What becomes of items that a stage refuses."),
        fields.Get("repeats", Decode.WholeNumber.Between(1, 1000), 1, "Runs with seeds that count up from `seed`, each in a directory of its own; a table tells mean and spread."))
    {
        CheckpointMinutes = fields.Get("checkpoint_minutes", Decode.Number.Between(0.001, 10_000), 10, "Minutes between checkpoints; flows and epochs have one at their end besides."),
        KeepCheckpoints = fields.Get("keep_checkpoints", Decode.WholeNumber.Between(1, 1000), 3, "Checkpoints that are kept."),
        Deadline = fields.Get("deadline", Decode.Clock.Or("none"), null, "Time of the local clock, as in '06:00', at which the run stops at a border, to be resumed."),
        MaxHours = fields.Get("max_hours", Decode.Number.Between(0, 100_000), 0, "Hours after which it stops at a border, to be resumed; 0 for no end."),
        StallMinutes = fields.Get("stall_minutes", Decode.Number.Between(0.01, 100_000), 30, "Minutes in which no stage takes or gives an item, after which the run tells what each stage is at, and stops."),
        ItemTimeoutSeconds = fields.Get(ItemTimeout.Key, ItemTimeout.Seconds, 0, "Seconds that a stage may be at one item, which is rejected then; 0 for any time. Not for stages that keep something between items, nor for sinks."),
        MinFreeMb = fields.Get("min_free_mb", Decode.LongNumber.Between(0, 1L << 40), 256, "Room on the disk of the run directory below which it stops at a border, in MiB."),
        StopSeconds = fields.Get("stop_seconds", Decode.Number.Between(0, 86_400), 60, "Seconds that a flow may take, once it is to stop, to finish what is under way; then the last checkpoint holds."),
    };

    private static RejectPolicy Rejects(Fields fields)
    {
        var onFault = fields.Get("on_fault", FaultPolicy.OfRun, OnFault.Skip, "Go on, or stop at the first; fail is another word for stop.");
        var (most, percent) = fields.Get("max", FaultPolicy.Most, (-1, 1), "Most rejected items before the run stops; in percent, as `max_share` has it.");
        var share = fields.Get("max_share", Decode.Number.Between(0, 1), 1, "Most rejected items as a share of those read; checked from 100 items on, and when a flow ends.");
        return new RejectPolicy(onFault, most, Math.Min(share, percent));
    }
}
