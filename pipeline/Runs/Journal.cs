using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>How much of a journal belongs to a checkpoint.</summary>
/// <param name="Sha256">Of these bytes, hexadecimal.</param>
internal sealed record JournalMark(long Bytes, string Sha256);

/// <summary>
/// <c>resume/flow-NAME.journal</c>: what only ever grows of the state of a flow. A checkpoint adds to it what is new and remembers how
/// long it is then, so it costs no more after a thousand shards than after one.
/// </summary>
/// <remarks>Text: a line that begins with # names the list that the lines of JSON behind it belong to.</remarks>
internal sealed class Journal : IDisposable
{
    private readonly string _path;
    private readonly Dictionary<string, int> _written = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    private Journal(string path) => _path = path;

    /// <summary>The journal of a flow that begins; what an earlier one left is written over.</summary>
    public static Journal Begin(string folder, string flow) => new(PathOf(folder, flow));

    /// <summary>The journal of a flow that goes on; what lies behind the mark is written over.</summary>
    /// <exception cref="RunException">It is gone, or damaged.</exception>
    public static Journal Resume(string folder, string flow, JournalMark mark)
    {
        var journal = Begin(folder, flow);
        var bytes = Read(journal._path, mark);
        journal._length = bytes.Length;
        journal._hash.AppendData(bytes);
        foreach (var (name, lines) in Lists(bytes))
        {
            journal._written[name] = lines.Count;
        }

        return journal;
    }

    /// <summary>Adds what the lists have got since the last call, and brings it to the disk.</summary>
    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public JournalMark Add(IReadOnlyDictionary<string, GrowingEntry> lists)
    {
        var chunk = new StringBuilder();
        foreach (var (name, list) in lists.Where(l => l.Value.Count > _written.GetValueOrDefault(l.Key, -1)).OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            chunk.Append('#').Append(JsonSerializer.Serialize(name)).Append('\n').AppendJoin("", list.From(_written.GetValueOrDefault(name)).Select(line => line + "\n"));
            _written[name] = list.Count;
        }

        if (chunk.Length > 0)
        {
            Append(Encoding.UTF8.GetBytes(chunk.ToString()));
        }

        return new JournalMark(_length, Convert.ToHexStringLower(_hash.GetCurrentHash()));
    }

    /// <summary>The lists as they were at a mark, as entries of a checkpoint.</summary>
    /// <exception cref="RunException">It is gone, or damaged.</exception>
    public static IReadOnlyDictionary<string, byte[]> Entries(string folder, string flow, JournalMark mark) =>
        Lists(Read(PathOf(folder, flow), mark)).ToDictionary(list => list.Key, list => StateArchive.Lines(list.Value));

    public void Dispose() => _hash.Dispose();

    private static string PathOf(string folder, string flow) => Path.Combine(folder, $"flow-{flow}.journal");

    private void Append(byte[] chunk)
    {
        try
        {
            using var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.SetLength(_length);
            file.Seek(0, SeekOrigin.End);
            file.Write(chunk);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot write '{_path}': {e.Message}", e);
        }

        _hash.AppendData(chunk);
        _length += chunk.Length;
    }

    private static byte[] Read(string path, JournalMark mark)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[mark.Bytes];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length == bytes.Length && Convert.ToHexStringLower(SHA256.HashData(bytes)) == mark.Sha256
                ? bytes
                : throw new RunException($"'{path}' is damaged: its checksum is not that of the checkpoint");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read '{path}': {e.Message}", e);
        }
    }

    private static Dictionary<string, List<string>> Lists(byte[] bytes)
    {
        var (lists, list) = (new Dictionary<string, List<string>>(), new List<string>());
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] != '#')
            {
                list.Add(line);
                continue;
            }

            var name = JsonSerializer.Deserialize<string>(line.AsSpan(1))!;
            list = lists.TryGetValue(name, out var known) ? known : lists[name] = [];
        }

        return lists;
    }
}
