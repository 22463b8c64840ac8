using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class RoomEstimateTests : IDisposable
{
    private const long Mebibyte = 1 << 20;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_of_all_flows_add_up_and_what_several_leave_alike_counts_once()
    {
        var room = Of(1000, [Flow(Files("label maps", "predictions", 30), Files("checkpoints", "resume", 5, shared: true))], [Flow(Files("label maps", "more", 20), Files("checkpoints", "resume", 8, shared: true))]);

        Assert.Equal([new("label maps", 50 * Mebibyte), new("checkpoints", 8 * Mebibyte)], room.Parts);
        Assert.Equal(
            $"The outputs will take about 58 MiB by estimate (label maps 50 MiB, checkpoints 8 MiB); 1,000 MiB are free at '{Settings.Directory}', of which 256 MiB are to stay so.",
            room.ToString());
    }

    [Fact]
    public void What_stages_of_one_flow_add_to_its_checkpoints_adds_up()
    {
        var room = Of(1000, [Flow(Files("checkpoints", "resume", 5, shared: true), Files("checkpoints", "resume", 4, shared: true))], [Flow(Files("checkpoints", "resume", 7, shared: true))]);

        Assert.Equal([new("checkpoints", 9 * Mebibyte)], room.Parts);
    }

    [Theory]
    [InlineData(744, true)]
    [InlineData(745, false)]
    public void It_fits_where_the_floor_is_left(long mebibytes, bool fits) =>
        Assert.Equal(fits, Of(1000, [Flow(Files("label maps", "predictions", mebibytes))]).Fits);

    [Fact]
    public void What_does_not_fit_is_refused_with_what_is_missing()
    {
        var room = Of(1000, [Flow(Files("label maps", "predictions", 700), Files("overlays", "overlays", 100), Files("galleries", "gallery", null))]);

        Assert.Equal(
            "the outputs would take about 800 MiB by estimate (label maps 700 MiB, overlays 100 MiB, besides galleries, of which nobody knows), "
            + $"but of the 1,000 MiB that are free at '{Settings.Directory}' 256 MiB are to stay so (run.min_free_mb); make 56 MiB free, choose a run.output on another disk, "
            + "or pass --accept to begin all the same: the run stops, and can be resumed, when the room is used up",
            room.Refusal);
    }

    [Fact]
    public void What_nobody_knows_refuses_nothing() => Assert.True(Of(0, [Flow(Files("label maps", "predictions", null))]).Fits);

    [Fact]
    public void What_lies_there_already_is_not_written_again()
    {
        Write("predictions", "a.tar", 3 * Mebibyte);

        Assert.Equal([new("label maps", 27 * Mebibyte)], Of(1000, [Flow(Files("label maps", "predictions", 30))]).Parts);
        Assert.Empty(Of(1000, [Flow(Files("label maps", "predictions", 2))]).Parts);
    }

    [Fact]
    public void A_run_that_is_overwritten_makes_room_and_writes_all_of_it()
    {
        Write("predictions", "a.tar", 3 * Mebibyte);

        var room = RoomEstimate.Of([Flow(Files("label maps", "predictions", 30))], Settings, overwrite: true, _ => 1000 * Mebibyte);

        Assert.Equal((30 * Mebibyte, 1003 * Mebibyte), (room.Bytes, room.Free));
    }

    [Fact]
    public void What_goes_to_another_disk_is_not_counted()
    {
        Assert.SkipUnless(Disk.MountOf("/dev/shm") != Disk.MountOf(_folder.Path), "there is no second disk");
        var cache = new PlannedFiles("superpixels in the cache", "/dev/shm/inmars-no-cache", 50 * Mebibyte);

        Assert.Empty(Of(1000, [Flow(cache)]).Parts);
    }

    [Fact]
    public void A_link_leads_to_the_disk_of_its_target()
    {
        Directory.CreateSymbolicLink(_folder["link"], "/proc");

        Assert.Equal("/proc", Disk.MountOf(_folder["link", "not", "there"]));
    }

    private RunSettings Settings => new("night", 1, _folder.Path, "cpu", 1, 0, _folder["cache"], new RejectPolicy());

    private RoomEstimate Of(long free, params IEnumerable<Outlook>[] flows) => RoomEstimate.Of([.. flows.SelectMany(f => f)], Settings, overwrite: false, _ => free * Mebibyte);

    private Outlook Flow(params PlannedFiles[] files) => files.Aggregate(new Outlook(Settings, new MemoryLimit(1, "machine"), 1), (outlook, f) => outlook.Writes(f));

    private PlannedFiles Files(string what, string folder, long? mebibytes, bool shared = false) =>
        new(what, Path.Combine(Settings.Directory, folder), mebibytes * Mebibyte) { Shared = shared };

    private void Write(string folder, string file, long bytes)
    {
        Directory.CreateDirectory(Path.Combine(Settings.Directory, folder));
        File.WriteAllBytes(Path.Combine(Settings.Directory, folder, file), new byte[bytes]);
    }
}
