using System.Collections.Immutable;
using System.Diagnostics;

namespace InMARS.Pipeline.Outcomes;

/// <summary>The outcome of reading configuration: a value, or every error found.</summary>
public abstract record Validated<T>
{
    private Validated()
    {
    }

    public sealed record Valid(T Value) : Validated<T>;

    public sealed record Invalid(ImmutableArray<ConfigError> Errors) : Validated<T>;

    public static implicit operator Validated<T>(T value) => new Valid(value);

    public static implicit operator Validated<T>(ConfigError error) => new Invalid([error]);

    public ImmutableArray<ConfigError> ErrorsOrNone => this is Invalid(var errors) ? errors : [];

    public TOut Match<TOut>(Func<T, TOut> valid, Func<ImmutableArray<ConfigError>, TOut> invalid) => this switch
    {
        Valid(var value) => valid(value),
        Invalid(var errors) => invalid(errors),
        _ => throw new UnreachableException(),
    };

    public Validated<TOut> Map<TOut>(Func<T, TOut> f) =>
        Match(value => new Validated<TOut>.Valid(f(value)), Validated<TOut> (errors) => new Validated<TOut>.Invalid(errors));

    /// <summary>Goes on with the value only; errors of both sides are gathered by <see cref="Validated.Apply"/>.</summary>
    public Validated<TOut> Bind<TOut>(Func<T, Validated<TOut>> f) => Match(f, errors => new Validated<TOut>.Invalid(errors));
}

public static class Validated
{
    public static Validated<T> Ok<T>(T value) => new Validated<T>.Valid(value);

    /// <summary>Applies a function to two validated values, keeping the errors of both.</summary>
    public static Validated<TOut> Apply<T1, T2, TOut>(this (Validated<T1> First, Validated<T2> Second) v, Func<T1, T2, TOut> f) =>
        v is (Validated<T1>.Valid(var a), Validated<T2>.Valid(var b))
            ? new Validated<TOut>.Valid(f(a, b))
            : new Validated<TOut>.Invalid([.. v.First.ErrorsOrNone, .. v.Second.ErrorsOrNone]);

    /// <summary>All values, or the errors of all.</summary>
    public static Validated<IReadOnlyList<T>> Gather<T>(this IEnumerable<Validated<T>> items)
    {
        var all = items.ToList();
        var errors = all.SelectMany(v => v.ErrorsOrNone).ToImmutableArray();
        return errors.IsEmpty
            ? new Validated<IReadOnlyList<T>>.Valid([.. all.Select(v => ((Validated<T>.Valid)v).Value)])
            : new Validated<IReadOnlyList<T>>.Invalid(errors);
    }
}
