namespace InMARS.Soak;

/// <summary>What has happened so far, and what should not have.</summary>
internal sealed class Tally(Action<string> say)
{
    private readonly Dictionary<Mishap, int> _mishaps = [];
    private readonly List<string> _findings = [];

    /// <summary>Sentences about what is wrong; none where all is well.</summary>
    public IReadOnlyList<string> Findings => _findings;

    public int Resumes { get; set; }

    public int Of(Mishap mishap) => _mishaps.GetValueOrDefault(mishap);

    public void Count(Mishap mishap) => _mishaps[mishap] = Of(mishap) + 1;

    public void Say(string sentence) => say(sentence);

    public void Require(bool well, Func<string> sentence)
    {
        if (!well)
        {
            _findings.Add(sentence());
            say($"WRONG: {_findings[^1]}");
        }
    }
}
