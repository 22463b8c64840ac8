using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InMARS.Pipeline.Runs;

/// <summary>A file of JSON lines, each on disk when its call returns; safe to call from any thread.</summary>
internal sealed class JsonLog(string path) : IDisposable
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _gate = new();
    private readonly StreamWriter _writer = new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

    public void Write(JsonObject line)
    {
        var text = line.ToJsonString(Plain);
        lock (_gate)
        {
            _writer.WriteLine(text);
        }
    }

    public void Dispose() => _writer.Dispose();
}
