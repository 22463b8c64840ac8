using System.Diagnostics;
using System.Globalization;

namespace InMARS.Pipeline.Runs;

/// <summary>One process and no other: a process id is used again, its start since boot is not.</summary>
/// <param name="Start">Clock ticks from the boot of the machine to the start of the process.</param>
/// <param name="Boot">Id of the machine's boot; the same in all its containers.</param>
/// <param name="PidNamespace">Where the id counts: containers of one machine have ids of their own.</param>
internal sealed record ProcessIdentity(int Pid, long Start, string Boot, string PidNamespace)
{
    /// <summary>Places of two fields of <c>/proc/PID/stat</c>, counted behind the name of the program.</summary>
    private const int StateField = 0;
    private const int StartField = 19;

    public static ProcessIdentity Current { get; } = new(
        Environment.ProcessId,
        Seen(Environment.ProcessId)?.Start ?? 0,
        File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(),
        new FileInfo("/proc/self/ns/pid").LinkTarget ?? "");

    /// <summary>Whether this machine can tell if the process is alive.</summary>
    public bool IsLocal => Boot == Current.Boot && PidNamespace == Current.PidNamespace;

    /// <summary>Whether the process runs; asked only where it is local.</summary>
    public bool Runs() => Seen(Pid) is { } seen ? seen.Start == Start && !seen.Ended : IsHidden(Pid);

    /// <summary>The identity of another local process.</summary>
    /// <returns>Null where there is none of that id.</returns>
    public static ProcessIdentity? Of(int pid) => Seen(pid) is { } seen ? Current with { Pid = pid, Start = seen.Start } : null;

    private static (long Start, bool Ended)? Seen(int pid)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{pid}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            // A killed process stays until its parent asks for it: it holds nothing any more.
            return (long.Parse(fields[StartField], CultureInfo.InvariantCulture), fields[StateField] is "Z" or "X");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Some machines show nobody the processes of other users, but say that they are there.</summary>
    private static bool IsHidden(int pid)
    {
        try
        {
            Process.GetProcessById(pid).Dispose();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
