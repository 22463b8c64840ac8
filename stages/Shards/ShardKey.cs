namespace InMARS.Stages.Shards;

/// <summary>Names of samples: the part of a name before the first dot of its last segment, as WebDataset has it.</summary>
public static class ShardKey
{
    private const int Longest = 1024;
    private static readonly string[] Roles = [".label", ".seg", ".mask", ".cls"];

    /// <summary>Splits the name of a tar entry.</summary>
    /// <param name="name">Name within the tar; a leading <c>./</c> does not count.</param>
    /// <returns>Key and lower-case extension; null for names that belong to no sample: no dot, a leading dot, <c>__meta__</c>.</returns>
    public static (string Key, string Extension)? Split(string name)
    {
        var plain = Plain(name);
        var start = plain.LastIndexOf('/') + 1;
        var dot = plain.IndexOf('.', start);
        return dot <= start || dot == plain.Length - 1 || IsMeta(plain)
            ? null
            : (plain[..dot], plain[(dot + 1)..].ToLowerInvariant());
    }

    /// <summary>The key of a file in a folder: its relative path without extension, fit to be a key in a shard.</summary>
    /// <remarks>Dots become underscores, since a key ends at its first dot. A role is no part of the key: <c>0001.label.png</c> is of 0001.</remarks>
    public static string OfFile(string relativePath)
    {
        var plain = Plain(relativePath.Replace('\\', '/')).TrimStart('/');
        while (plain.StartsWith("../", StringComparison.Ordinal))
        {
            plain = plain[3..];
        }

        var start = plain.LastIndexOf('/') + 1;
        var name = Path.GetFileNameWithoutExtension(plain[start..]);
        var role = Roles.FirstOrDefault(r => name.Length > r.Length && name.EndsWith(r, StringComparison.OrdinalIgnoreCase));
        return plain[..start] + name[..^(role?.Length ?? 0)].Replace('.', '_');
    }

    /// <summary>The last segment of a key.</summary>
    public static string BaseName(string key) => key[(key.LastIndexOf('/') + 1)..];

    /// <summary>Why a name may not be used below a folder; null when it may.</summary>
    public static string? Unsafe(string name) => name switch
    {
        "" => "is empty",
        { Length: > Longest } => $"is longer than {Longest} characters",
        ['/', ..] => "is absolute",
        _ when LeavesFolder(name) => "leaves its folder by '..'",
        _ when HoldsControl(name) => "holds a control character",
        _ => null,
    };

    /// <summary>Whether a shard gives the key back as it is put in.</summary>
    internal static bool IsUsable(string key) => Unsafe(key) is null && Split($"{key}.x") is { Extension: "x" } split && split.Key == key;

    internal static bool IsMeta(string name)
    {
        var first = Plain(name).Split('/')[0];
        return first.Length >= 4 && first.StartsWith("__", StringComparison.Ordinal) && first.EndsWith("__", StringComparison.Ordinal);
    }

    private static bool LeavesFolder(ReadOnlySpan<char> name)
    {
        foreach (var part in name.Split('/'))
        {
            if (name[part] is "..")
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsControl(string name)
    {
        foreach (var c in name)
        {
            if (char.IsControl(c))
            {
                return true;
            }
        }

        return false;
    }

    private static string Plain(string name)
    {
        while (name.StartsWith("./", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        return name;
    }
}
