using System.Text.Json;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>Who locked a run directory, as the file <c>lock</c> tells.</summary>
/// <param name="Pid">Null where the file is damaged; then only its time counts.</param>
/// <param name="Heartbeat">The last sign of life, which is the time of the file.</param>
/// <param name="Alive">Whether the run still goes on: by its process where that is on this machine, else by its heartbeat.</param>
public sealed record LockHolder(int? Pid, string? Host, DateTimeOffset? Since, DateTimeOffset Heartbeat, bool Alive)
{
    /// <summary>Without a heartbeat for so long, a run on another machine is dead.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary><c>process 4711 on host 'box', since 2026-11-22 18:00:05</c>, in local time.</summary>
    public string Told(TimeProvider time) => Pid is null
        ? $"an unreadable lock of {Local(Heartbeat, time)}"
        : $"process {Pid} on host '{Host}', since {Local(Since ?? Heartbeat, time)}";

    internal static string Local(DateTimeOffset moment, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(moment, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss");

    internal static string TextOf(ProcessIdentity process, string host, DateTimeOffset since) =>
        JsonSerializer.Serialize(new Entry(process.Pid, process.Start, host, process.Boot, process.PidNamespace, since), Form) + "\n";

    /// <returns>Null where there is no such file.</returns>
    /// <exception cref="RunException">The file is there and cannot be read.</exception>
    internal static LockHolder? Read(string path, TimeProvider time)
    {
        try
        {
            var text = File.ReadAllText(path);
            return Of(Parse(text), new DateTimeOffset(File.GetLastWriteTimeUtc(path)), time.GetUtcNow());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read '{path}': {e.Message}", e);
        }
    }

    private static LockHolder Of(Entry? entry, DateTimeOffset heartbeat, DateTimeOffset now)
    {
        var fresh = now - heartbeat < Silence;
        if (entry is null)
        {
            return new LockHolder(null, null, null, heartbeat, fresh);
        }

        var process = new ProcessIdentity(entry.Pid, entry.ProcessStart, entry.Boot, entry.PidNamespace);
        return new LockHolder(entry.Pid, entry.Host, entry.Since, heartbeat, process.IsLocal ? process.Runs() : fresh);
    }

    private static Entry? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(text, Form);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What stands in the file.</summary>
    private sealed record Entry(int Pid, long ProcessStart, string Host, string Boot, string PidNamespace, DateTimeOffset Since);
}
