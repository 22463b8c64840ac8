using System.Globalization;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Learning;

/// <summary>
/// Steps whose loss or gradient is not finite: left out and counted; after many in a row the training goes back to its last
/// checkpoint with half the learning rate, once; after that it ends with the story.
/// </summary>
internal sealed class Setbacks(IStageContext context)
{
    /// <summary>Failures in a row that are one too many.</summary>
    public const int Most = 20;

    private const double Less = 0.5;
    private IReadOnlyDictionary<string, byte[]>? _good;
    private int _inARow;
    private long _wentBack;

    /// <summary>Factor of the learning rate.</summary>
    public double Rate { get; private set; } = 1;

    /// <summary>Steps left out so far.</summary>
    public long LeftOut { get; private set; }

    /// <summary>A sentence for the report, where there were any.</summary>
    public IEnumerable<string> Told =>
        LeftOut == 0 ? [] : [$"{LeftOut} steps were left out, because their loss was not finite{(Rate < 1 ? "; the learning rate was halved" : "")}."];

    /// <summary>What the training can go back to.</summary>
    public void Remember(IReadOnlyDictionary<string, byte[]> good) => _good = good;

    public void StepDone() => _inARow = 0;

    /// <returns>What to go back to; null to go on.</returns>
    /// <exception cref="RunException">It went back once already, or there is nothing to go back to.</exception>
    public IReadOnlyDictionary<string, byte[]>? LeaveOut(long step, StepFigures figures)
    {
        (_inARow, LeftOut) = (_inARow + 1, LeftOut + 1);
        context.Log(
            "warning",
            $"{context.Stage}: step {step} left out: loss {figures.Loss}, gradient {figures.GradientNorm} ({_inARow} in a row)",
            new JsonObject { ["step"] = step, ["in_a_row"] = _inARow });
        if (_inARow < Most)
        {
            return null;
        }

        if (_good is null || Rate < 1)
        {
            throw new RunException(Story(step));
        }

        (_inARow, _wentBack, Rate) = (0, step, Rate * Less);
        context.Log(
            "warning",
            $"{context.Stage}: {Most} steps in a row were left out; goes back to its last checkpoint, with half the learning rate",
            new JsonObject { ["step"] = step });
        return _good;
    }

    public void Carry(StateArchive state) =>
        (_inARow, LeftOut, _wentBack, Rate) = state.Value("setbacks", (_inARow, LeftOut, _wentBack, Rate));

    private string Story(long step) => string.Create(
        CultureInfo.InvariantCulture,
        $"the loss was not finite for {Most} steps in a row, up to step {step}{(Rate < 1 ? $"; it had gone back to a checkpoint at step {_wentBack} and halved the learning rate already" : "")}; lower learning_rate of {context.Stage}, or set gradient_clip.");
}
