namespace InMARS.Tests.EndToEnd;

/// <summary>Tests that no other test runs beside: the threads of torch belong to the whole process, and sums depend on their number.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
