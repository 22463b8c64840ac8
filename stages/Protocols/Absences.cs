using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Protocols;

/// <summary>What a download lacks, gathered so that the user is told once.</summary>
/// <param name="source">Folder of the download.</param>
internal sealed class Absences(string source, string protocol)
{
    private const int Named = 12;
    private readonly List<string> _missing = [];

    /// <summary>The first of these folders that is there; notes their lack otherwise.</summary>
    public string? Folder(params IReadOnlyList<string> names)
    {
        var found = names.FirstOrDefault(name => Directory.Exists(Path.Combine(source, name)));
        if (found is null)
        {
            _missing.Add($"folder {string.Join(" or ", names.Select(n => $"'{n}'"))}");
        }

        return found;
    }

    /// <summary>Notes the lack of a file.</summary>
    /// <param name="name">Relative to the download.</param>
    public void File(string name)
    {
        if (!System.IO.File.Exists(Path.Combine(source, name)))
        {
            _missing.Add($"'{name}'");
        }
    }

    public void Add(string what) => _missing.Add(what);

    /// <exception cref="RunException">Something is missing.</exception>
    public void Refuse()
    {
        if (_missing.Count == 0)
        {
            return;
        }

        var more = _missing.Count > Named ? $", and {_missing.Count - Named} more" : "";
        throw new RunException($"'{source}' is not the whole download of {protocol}; missing: {string.Join(", ", _missing.Take(Named))}{more}");
    }
}
