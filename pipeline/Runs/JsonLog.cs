using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>A file of JSON lines, each handed to the system when its call returns; safe to call from any thread.</summary>
internal sealed class JsonLog : IDisposable
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _gate = new();
    private readonly FileStream _file;

    /// <param name="keep">Bytes that stay of what is there; all where it is null.</param>
    /// <exception cref="RunException">The file cannot be opened.</exception>
    public JsonLog(string path, long? keep = null) => _file = Guard(path, () =>
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.SetLength(Math.Min(keep ?? file.Length, file.Length));
        file.Seek(0, SeekOrigin.End);
        return file;
    });

    public long Length
    {
        get
        {
            lock (_gate)
            {
                return _file.Length;
            }
        }
    }

    /// <summary>Brings all lines to the disk.</summary>
    /// <exception cref="RunException">The disk failed.</exception>
    public void Flush()
    {
        lock (_gate)
        {
            Guard(_file.Name, () =>
            {
                _file.Flush(flushToDisk: true);
                return _file;
            });
        }
    }

    /// <exception cref="RunException">The line cannot be written; a full disk, most often.</exception>
    public void Write(JsonObject line)
    {
        var text = Encoding.UTF8.GetBytes(line.ToJsonString(Plain) + "\n");
        lock (_gate)
        {
            Guard(_file.Name, () =>
            {
                _file.Write(text);
                return _file;
            });
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream Guard(string path, Func<FileStream> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot write '{path}': {e.Message}", e);
        }
    }
}
