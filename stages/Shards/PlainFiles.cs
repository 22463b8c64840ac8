using System.Text;
using Microsoft.Win32.SafeHandles;

namespace InMARS.Stages.Shards;

/// <summary>A regular file in a tar whose header holds nothing out of the ordinary.</summary>
/// <param name="Key">As of <see cref="ShardKey.Split"/>; null where it belongs to no sample.</param>
/// <param name="IsWanted">Whether files of its extension are asked for.</param>
/// <param name="Size">In bytes, 1 or more.</param>
/// <param name="Offset">Where its bytes begin.</param>
internal readonly record struct PlainFile(string? Key, string Extension, bool IsWanted, long Size, long Offset);

/// <summary>
/// Goes from header to header as long as they are those of plain files, many times faster than a reader that makes an object
/// of every field. At any other header it stops, and leaves that to such a reader.
/// </summary>
/// <param name="shard">Stays with its owner.</param>
internal sealed class PlainFiles(SafeFileHandle shard, Func<string, bool> wanted) : IDisposable
{
    private const int MostExtensions = 16;
    private readonly HeaderWindow _headers = new(shard);
    private readonly List<(string Extension, bool IsWanted)> _extensions = [];
    private byte[] _name = [];
    private byte[] _passed = [];
    private string _key = "";

    /// <summary>Where the next header stands.</summary>
    public long At { get; set; }

    /// <summary>Name of the last file that was found.</summary>
    public string Name => Encoding.ASCII.GetString(_name).TrimEnd('\0');

    /// <summary>Name of the last file that was passed.</summary>
    public string PassedName => Encoding.ASCII.GetString(_passed).TrimEnd('\0');

    /// <summary>Whether a plain file stands at <see cref="At"/>, which then is that of the header behind it.</summary>
    /// <exception cref="IOException">The shard cannot be read.</exception>
    public bool Next(out PlainFile file)
    {
        var header = _headers.Block(At);
        if (header.IsEmpty || !HeaderFields.HasChecksum(header) || !HeaderFields.IsPlainFile(header, out var name, out var size))
        {
            file = default;
            return false;
        }

        file = Split(name) with { Size = size, Offset = At + HeaderFields.Block };
        At = file.Offset + ((size + HeaderFields.Block - 1) / HeaderFields.Block * HeaderFields.Block);
        Note(name);
        return true;
    }

    /// <summary>What was found last is passed.</summary>
    public void Pass() => (_name, _passed) = (_passed, _name);

    public void Dispose() => _headers.Dispose();

    private void Note(ReadOnlySpan<byte> name)
    {
        _name = _name.Length == 0 ? new byte[HeaderFields.LongestName] : _name;
        name.CopyTo(_name);
        _name.AsSpan(name.Length).Clear();
    }

    private PlainFile Split(ReadOnlySpan<byte> name)
    {
        var start = name.LastIndexOf((byte)'/') + 1;
        var dot = name[start..].IndexOf((byte)'.') + start;
        if (dot <= start || dot == name.Length - 1)
        {
            return default;
        }

        // The files of a sample stand together.
        var key = name[..dot];
        _key = Ascii.Equals(key, _key) ? _key : Encoding.ASCII.GetString(key);
        var (extension, isWanted) = Extension(name[(dot + 1)..]);
        return new PlainFile(_key, extension, isWanted, 0, 0);
    }

    private (string Extension, bool IsWanted) Extension(ReadOnlySpan<byte> text)
    {
        foreach (var known in _extensions)
        {
            if (Ascii.Equals(text, known.Extension))
            {
                return known;
            }
        }

        var extension = Encoding.ASCII.GetString(text).ToLowerInvariant();
        var found = (extension, wanted(extension));
        if (_extensions.Count < MostExtensions)
        {
            _extensions.Add(found);
        }

        return found;
    }
}
