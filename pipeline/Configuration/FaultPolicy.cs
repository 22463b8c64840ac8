using System.Globalization;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Configuration;

/// <summary>The words of a run file for what becomes of faults.</summary>
internal static class FaultPolicy
{
    private const string Retry = "retry ";
    private static readonly (string Word, OnFault Value)[] OfRuns = [("skip", OnFault.Skip), ("stop", OnFault.Stop), ("fail", OnFault.Stop)];
    private static readonly Decoder<OnFault> Words = Decode.OneOf([("inherit", OnFault.Inherit), .. OfRuns]);
    private static readonly Decoder<long> Count = Decode.LongNumber.AtLeast(0);

    /// <summary>Of a run.</summary>
    public static Decoder<OnFault> OfRun { get; } = Decode.OneOf(OfRuns);

    /// <summary>Of a stage: the policy, and how often it tries again before.</summary>
    public static Decoder<(OnFault OnFault, int Retries)> OfStage { get; } = new(
        $"{Words.Expected} or retry N, 1 to 100",
        node => node.Scalar is { } text && text.StartsWith(Retry, StringComparison.Ordinal)
            ? int.TryParse(text[Retry.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var retries) && retries is >= 1 and <= 100
                ? (OnFault.Inherit, retries)
                : node.Error($"expected retry and a whole number, 1 to 100, found {node.Found}")
            : Words.Read(node).Map(policy => (policy, 0)),
        policy => policy.Retries > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Retry}{policy.Retries}") : Words.Show(policy.OnFault));

    /// <summary>Most rejected items of a run: how many, negative for any number, and which share of those read.</summary>
    public static Decoder<(long Items, double Share)> Most { get; } = new(
        $"{Count.Expected}, or a share such as 2%, or none",
        node => node.Scalar switch
        {
            "none" => (-1, 1),
            [.. var number, '%'] => double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100
                ? (-1, percent / 100)
                : node.Error($"expected 0% to 100%, found {node.Found}"),
            _ => Count.Read(node).Map(items => (items, 1.0)),
        },
        most => most switch
        {
            { Items: >= 0 } => Count.Show(most.Items),
            { Share: 1 } => "none",
            _ => string.Create(CultureInfo.InvariantCulture, $"{100 * most.Share}%"),
        });
}
