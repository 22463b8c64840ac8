namespace InMARS.Cli.Diagnosis;

internal enum State
{
    /// <summary>There and working.</summary>
    Ok,

    /// <summary>Needed by a run, and not there or not working.</summary>
    Missing,

    /// <summary>Good to know; a run does without.</summary>
    Note,
}

/// <summary>What one check found, told in one line.</summary>
/// <param name="Remedy">What mends it, such as a command; empty where nothing needs mending.</param>
internal sealed record Finding(State State, string Subject, string Text, string Remedy = "")
{
    public static Finding Ok(string subject, string text) => new(State.Ok, subject, text);

    public static Finding Note(string subject, string text) => new(State.Note, subject, text);

    public static Finding Missing(string subject, string text, string remedy) => new(State.Missing, subject, text, remedy);

    public override string ToString() =>
        $"{(State == State.Ok ? "ok" : State == State.Note ? "note" : "missing"),-8} {Subject,-22} {Text}{(Remedy.Length == 0 ? "" : $"; mend it by: {Remedy}")}";
}
