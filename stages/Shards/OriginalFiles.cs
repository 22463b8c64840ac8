using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>The files of one sample as they are read again, and why others cannot be.</summary>
internal sealed class OriginalFiles
{
    private readonly List<OriginalFile> _files = [];
    private readonly List<string> _notes = [];

    /// <summary>A file, or why it is none. A second one of the same extension is numbered.</summary>
    public void Add(string extension, Result<byte[]> bytes)
    {
        if (bytes is Result<byte[]>.Ok(var read))
        {
            var same = _files.Count(f => f.Extension == extension || f.Extension.EndsWith($".{extension}", StringComparison.Ordinal));
            _files.Add(new OriginalFile(_files.Exists(f => f.Extension == extension) ? $"{same + 1}.{extension}" : extension, read));
        }
        else
        {
            Note(((Result<byte[]>.Failed)bytes).Fault.Message);
        }
    }

    public void Note(string why) => _notes.Add(why);

    public OriginalItem Gathered() => new(_files, _notes.Count == 0 ? null : string.Join("; ", _notes));
}
