using System.Globalization;

namespace InMARS.Soak;

/// <summary>A tmpfs whose room can be taken away and given back; unmounted when disposed.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const long Roomy = 512L << 20;
    private const int Attempts = 20;
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private long Used => new DriveInfo(_folder) is var drive ? drive.TotalSize - drive.TotalFreeSpace : 0;

    /// <summary>Mounts one on a folder, which is made.</summary>
    /// <returns>Null, and the reason, where this machine does not let us.</returns>
    public static async Task<(SmallDisk? Disk, string? Reason)> MountAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var wrong = await Command.RunAsync("mount", "-t", "tmpfs", "-o", Size(Roomy), "inmars-soak", folder);
        return wrong is null ? (new SmallDisk(folder), null) : (null, $"a tmpfs cannot be mounted here: {wrong}");
    }

    /// <summary>Takes all room but so many bytes.</summary>
    public async Task LeaveAsync(long free)
    {
        // Between the look and the change the run may have written.
        string? wrong = "";
        for (var attempt = 0; attempt < Attempts && wrong is not null; attempt++)
        {
            wrong = await ResizeAsync(Used + free);
        }

        Require(wrong);
    }

    public async Task RestoreAsync() => Require(await ResizeAsync(Roomy));

    public async ValueTask DisposeAsync() => await Command.RunAsync("umount", "-l", _folder);

    private Task<string?> ResizeAsync(long bytes) => Command.RunAsync("mount", "-o", $"remount,{Size(bytes)}", _folder);

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"size={bytes}");

    private static void Require(string? wrong)
    {
        if (wrong is not null)
        {
            throw new IOException($"the tmpfs cannot be resized: {wrong}");
        }
    }
}
