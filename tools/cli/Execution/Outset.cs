using InMARS.Cli.Display;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Execution;

/// <summary>What is looked at before a run is begun, so that it is not found out at night.</summary>
/// <param name="Overwrite">Whether what lies in the run directory is removed first.</param>
/// <param name="Accept">Whether it is begun although the room for its outputs does not suffice by estimate.</param>
internal sealed record Outset(bool Overwrite = false, bool Accept = false)
{
    /// <summary>The run directory of a run that has not begun: nothing lies there.</summary>
    private const string Unwritten = "planned";

    /// <summary>Flows that have ended already, where the run is gone on with.</summary>
    public IReadOnlyList<string>? Done { get; init; }

    /// <summary>Options that do not go with the input, as far as headers tell; none where all is well.</summary>
    public static async Task<Validated<RunPlan>> CheckAsync(Shell shell, RunPlan plan) => Checked(plan, await SurveyAsync(shell, plan, null));

    /// <summary>The same by the run file alone.</summary>
    public static Validated<RunPlan> Check(RunPlan plan) => Checked(plan, Foresight.Of(plan, MemoryLimit.Read()));

    /// <summary>Looks at the inputs.</summary>
    /// <returns>What is to be said of the room for the outputs at the start; or null and the exit code, where the run is refused.</returns>
    /// <exception cref="RunException">The run directory cannot be used.</exception>
    public async Task<(string? Room, int Code)> LookAsync(Shell shell, RunPlan plan)
    {
        if (Done is null)
        {
            RunDirectory.Refuse(plan.Settings.Directory, Overwrite, shell.Time);
        }

        var left = plan with { Flows = [.. plan.Flows.Where(flow => Done?.Contains(flow.Name) != true)] };
        var foresight = await SurveyAsync(shell, left, Done is null ? null : plan.Settings.Directory);
        if (foresight.Errors.Length > 0)
        {
            return (null, RunExecution.Refuse(shell, foresight.Errors));
        }

        var room = RoomEstimate.Of(foresight.Flows, plan.Settings, Overwrite, shell.FreeSpace);
        if (room.Fits || Accept)
        {
            return (room.ToString(), ExitCodes.Clean);
        }

        shell.Error.WriteLine($"inmars: {Plain.OneLine(room.Refusal)}");
        return (null, ExitCodes.BadUsage);
    }

    private static Validated<RunPlan> Checked(RunPlan plan, Foresight foresight) =>
        foresight.Errors.IsEmpty ? plan : new Validated<RunPlan>.Invalid(foresight.Errors);

    private static Task<Foresight> SurveyAsync(Shell shell, RunPlan plan, string? directory) =>
        Foresight.SurveyAsync(plan, directory ?? Path.Combine(plan.Settings.Directory, Unwritten), MemoryLimit.Read(), shell.Time, shell.Interrupt);
}
