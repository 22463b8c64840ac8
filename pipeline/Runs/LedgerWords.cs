namespace InMARS.Pipeline.Runs;

/// <summary>How states stand in a ledger, and what is said of one that cannot be read.</summary>
internal static class LedgerWords
{
    public static string Of<T>(T state)
        where T : struct, Enum => state.ToString().ToLowerInvariant();

    /// <exception cref="FormatException">The word is none of them.</exception>
    public static T State<T>(string word)
        where T : struct, Enum =>
        Enum.TryParse<T>(word, ignoreCase: true, out var state) ? state : throw new FormatException($"'{word}' is no {typeof(T).Name}");

    public static string OtherLayout(string path, long layout) =>
        $"the ledger '{path}' is of layout {layout}, and this version of the program reads layout {LedgerFile.Layout}";
}
