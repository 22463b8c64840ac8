using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

/// <summary>
/// Named values on their way to a checkpoint or back. One method of a stage serves both ways: it hands over what it has
/// and takes what it gets, which while saving is the same.
/// </summary>
/// <example><c>_steps = state.Value("steps", _steps);</c></example>
public sealed class StateArchive
{
    private static readonly JsonSerializerOptions Exact = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly SortedDictionary<string, byte[]> _entries;
    private readonly string _scope;

    private StateArchive(SortedDictionary<string, byte[]> entries, bool loading, string scope) =>
        (_entries, Loading, _scope) = (entries, loading, scope);

    /// <summary>Whether values come back, rather than go.</summary>
    public bool Loading { get; }

    /// <summary>What was saved, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Entries => _entries;

    /// <summary>An empty archive that takes values.</summary>
    public static StateArchive Save() => new(new(StringComparer.Ordinal), false, "");

    /// <summary>An archive that gives back what was saved.</summary>
    public static StateArchive Load(IReadOnlyDictionary<string, byte[]> entries) =>
        new(new(entries.ToDictionary(e => e.Key, e => e.Value), StringComparer.Ordinal), true, "");

    /// <summary>The same archive for a part of the whole, whose names then cannot clash with those of other parts.</summary>
    public StateArchive Within(string part) => new(_entries, Loading, $"{_scope}{part}/");

    /// <summary>What there is of this part alone, by its names within it; borrowed, not copied.</summary>
    public IReadOnlyDictionary<string, byte[]> Own =>
        _entries.Where(e => e.Key.StartsWith(_scope, StringComparison.Ordinal)).ToDictionary(e => e.Key[_scope.Length..], e => e.Value, StringComparer.Ordinal);

    /// <summary>Whether there is something of this name.</summary>
    public bool Has(string name) => _entries.ContainsKey(_scope + name);

    /// <summary>A value that JSON can hold; numbers come back with every bit.</summary>
    /// <exception cref="RunException">It is not there, or is none of this type.</exception>
    public T Value<T>(string name, T now)
    {
        if (!Loading)
        {
            _entries.Add(_scope + name, JsonSerializer.SerializeToUtf8Bytes(now, Exact));
            return now;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(Take(name), Exact)!;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new RunException($"the checkpoint's '{_scope}{name}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Numbers as they lie in memory; for long arrays.</summary>
    /// <exception cref="RunException">They are not there, or are not whole.</exception>
    public T[] Numbers<T>(string name, ReadOnlySpan<T> now)
        where T : unmanaged
    {
        if (!Loading)
        {
            _entries.Add(_scope + name, MemoryMarshal.AsBytes(now).ToArray());
            return now.ToArray();
        }

        var bytes = Take(name);
        return bytes.Length % Marshal.SizeOf<T>() == 0
            ? MemoryMarshal.Cast<byte, T>(bytes).ToArray()
            : throw new RunException($"the checkpoint's '{_scope}{name}' has {bytes.Length} bytes, expected whole values of {Marshal.SizeOf<T>()}");
    }

    private byte[] Take(string name) => _entries.TryGetValue(_scope + name, out var bytes)
        ? bytes
        : throw new RunException($"the checkpoint has no '{_scope}{name}'; it was made by another version of the stage");
}
