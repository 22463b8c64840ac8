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

    /// <exception cref="RunException">The file cannot be opened.</exception>
    public JsonLog(string path) => _file = Guard(
        path, () => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));

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
