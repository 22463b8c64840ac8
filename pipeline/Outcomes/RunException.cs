namespace InMARS.Pipeline.Outcomes;

/// <summary>
/// The run cannot go on for a reason outside the program: a full disk, a missing model, an unreadable folder.
/// Its message is written for the user, names the file, and is all that the user is shown.
/// </summary>
public class RunException : Exception
{
    public RunException(string message)
        : base(message)
    {
    }

    public RunException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
