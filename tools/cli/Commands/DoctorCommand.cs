using InMARS.Cli.Diagnosis;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars doctor</c>: tries everything that a run needs of this machine, and says what is missing and what mends it.</summary>
internal static class DoctorCommand
{
    /// <returns>Exit code: 0 when all that a run needs is there, otherwise 1.</returns>
    public static int Run(TextWriter output) => Run(output, [HostChecks.All, OpenCvChecks.All, TorchChecks.All]);

    internal static int Run(TextWriter output, IReadOnlyList<Func<IEnumerable<Finding>>> checks)
    {
        var missing = 0;
        foreach (var finding in checks.SelectMany(check => check()))
        {
            output.WriteLine(finding);
            missing += finding.State == State.Missing ? 1 : 0;
        }

        output.WriteLine(missing == 0 ? "Everything that a run needs is there." : $"Missing or not working: {missing}; see what mends it above.");
        return missing == 0 ? 0 : 1;
    }
}
