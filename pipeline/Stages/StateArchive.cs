using System.Runtime.InteropServices;
using System.Text;
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
    private readonly SortedDictionary<string, GrowingEntry> _growing;
    private readonly string _scope;

    private StateArchive(SortedDictionary<string, byte[]> entries, SortedDictionary<string, GrowingEntry> growing, bool loading, string scope) =>
        (_entries, _growing, Loading, _scope) = (entries, growing, loading, scope);

    /// <summary>Whether values come back, rather than go.</summary>
    public bool Loading { get; }

    /// <summary>What was saved, by name; lists that only grow are whole in it.</summary>
    public IReadOnlyDictionary<string, byte[]> Entries => _growing.Count == 0 ? _entries : Whole(_entries, _growing);

    /// <summary>What was saved but for the lists that only grow.</summary>
    public IReadOnlyDictionary<string, byte[]> Fixed => _entries;

    /// <summary>The lists that only grow, by name.</summary>
    public IReadOnlyDictionary<string, GrowingEntry> Growing => _growing;

    /// <summary>An empty archive that takes values.</summary>
    public static StateArchive Save() => new(new(StringComparer.Ordinal), new(StringComparer.Ordinal), false, "");

    /// <summary>An archive that gives back what was saved.</summary>
    public static StateArchive Load(IReadOnlyDictionary<string, byte[]> entries) =>
        new(new(entries.ToDictionary(e => e.Key, e => e.Value), StringComparer.Ordinal), new(StringComparer.Ordinal), true, "");

    /// <summary>Entries with the lists that only grow among them, whole.</summary>
    public static IReadOnlyDictionary<string, byte[]> Whole(
        IReadOnlyDictionary<string, byte[]> entries, IReadOnlyDictionary<string, GrowingEntry> growing) => entries
        .Concat(growing.Select(g => KeyValuePair.Create(g.Key, Lines(g.Value.From(0)))))
        .ToDictionary(e => e.Key, e => e.Value);

    /// <summary>Elements of a list that only grows, as an entry holds them.</summary>
    public static byte[] Lines(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>The same archive for a part of the whole, whose names then cannot clash with those of other parts.</summary>
    public StateArchive Within(string part) => new(_entries, _growing, Loading, $"{_scope}{part}/");

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

    /// <summary>A list that is only ever added to; a checkpoint costs what was added since the one before it.</summary>
    /// <returns>The list that was handed over, or the one that was saved.</returns>
    /// <exception cref="RunException">It is not there, or is none of this type.</exception>
    public IReadOnlyList<T> Added<T>(string name, IReadOnlyList<T> all)
    {
        if (!Loading)
        {
            _growing.Add(_scope + name, new GrowingEntry(all.Count, place => JsonSerializer.Serialize(all[place], Exact)));
            return all;
        }

        try
        {
            return [.. Encoding.UTF8.GetString(Take(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<T>(line, Exact)!)];
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
