using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>Tries again what a disk or a network failed to give, as often as the stage's <c>on_fault</c> says.</summary>
/// <param name="retries">Tries after the first, 0 or more.</param>
internal sealed class Attempts(Run run, IStageContext stage, int retries)
{
    /// <summary>As a source asks it.</summary>
    public bool TryAgain(string what, Fault fault, int attempt)
    {
        if (!MayTryAgain(fault, attempt))
        {
            return false;
        }

        Wait(fault, attempt, Seeds.Of(stage.Run.Seed, $"{stage.Stage}\n{what}", 0, 0));
        return true;
    }

    /// <returns>The first answer that is none to try again after, with the number of tries where it is a fault.</returns>
    public Result<TOut> Try<TIn, TOut>(TIn input, Func<TIn, ItemContext, Result<TOut>> kernel, ItemContext item)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = kernel(input, item);
            if (result is not Result<TOut>.Failed(var fault))
            {
                return result;
            }

            if (!MayTryAgain(fault, attempt))
            {
                return fault with { Attempts = attempt };
            }

            Wait(fault, attempt, item.Seed);
        }
    }

    /// <inheritdoc cref="Try"/>
    public async Task<Result<TOut>> TryAsync<TIn, TOut>(TIn input, AsyncKernel<TIn, TOut> kernel, ItemContext item)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await kernel(input, item, run.Stop).ConfigureAwait(false);
            if (result is not Result<TOut>.Failed(var fault))
            {
                return result;
            }

            if (!MayTryAgain(fault, attempt))
            {
                return fault with { Attempts = attempt };
            }

            await WaitAsync(fault, attempt, item.Seed).ConfigureAwait(false);
        }
    }

    private bool MayTryAgain(Fault fault, int attempt) => fault.IsTransient && attempt <= retries;

    private Task WaitAsync(Fault fault, int attempt, ulong seed)
    {
        stage.Log("retry", null, new JsonObject { ["code"] = fault.Code, ["message"] = fault.Message, ["attempt"] = attempt });
        return Task.Delay(Backoff.After(attempt, seed), stage.Time, run.Stop);
    }

    private void Wait(Fault fault, int attempt, ulong seed) => WaitAsync(fault, attempt, seed).GetAwaiter().GetResult();
}
