using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>How patiently files are read: what fails is tried again as the source's <c>on_fault</c> says.</summary>
/// <param name="context">Of the source; null to try once.</param>
internal sealed class Reading(IStageContext? context)
{
    /// <summary>Tries once.</summary>
    public static Reading Once { get; } = new(null);

    /// <param name="path">What is read.</param>
    public Result<T> Of<T>(string path, Func<Result<T>> read) => Of(path, read, static read => read());

    /// <summary>As above, for what is read so often that the function is to be made once.</summary>
    /// <param name="from">What <paramref name="read"/> reads from.</param>
    public Result<T> Of<TFrom, T>(string path, TFrom from, Func<TFrom, Result<T>> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = read(from);
            if (result is not Result<T>.Failed(var fault))
            {
                return result;
            }

            if (context?.TryAgain(path, fault, attempt) is not true)
            {
                return fault with { Attempts = attempt };
            }
        }
    }
}
