namespace InMARS.Pipeline.Outcomes;

/// <summary>
/// The options of the run file do not go with its input, which came to light only behind the start: an error of the
/// configuration, with the exit code of one.
/// </summary>
public sealed class OptionsException(string message) : RunException(message);
