using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace InMARS.Pipeline.Outcomes;

/// <summary>The outcome of work that may fail for reasons its caller must handle.</summary>
public abstract record Result<T>
{
    private Result()
    {
    }

    public sealed record Ok(T Value) : Result<T>;

    public sealed record Failed(Fault Fault) : Result<T>;

    public static implicit operator Result<T>(T value) => new Ok(value);

    public static implicit operator Result<T>(Fault fault) => new Failed(fault);

    public TOut Match<TOut>(Func<T, TOut> ok, Func<Fault, TOut> failed) => this switch
    {
        Ok(var value) => ok(value),
        Failed(var fault) => failed(fault),
        _ => throw new UnreachableException(),
    };

    // These run for every item: they make nothing but what they give.
    public Result<TOut> Map<TOut>(Func<T, TOut> f) => this is Ok(var value) ? new Result<TOut>.Ok(f(value)) : Failure;

    public Result<TOut> Bind<TOut>(Func<T, Result<TOut>> f) => this is Ok(var value) ? f(value) : Failure;

    // LINQ names, so that `from a in x from b in f(a) select g(a, b)` reads as F#'s result { let! }.
    public Result<TOut> Select<TOut>(Func<T, TOut> f) => Map(f);

    public Result<TOut> SelectMany<TMid, TOut>(Func<T, Result<TMid>> bind, Func<T, TMid, TOut> project)
    {
        if (this is not Ok(var value))
        {
            return Failure;
        }

        var middle = bind(value);
        return middle is Result<TMid>.Ok(var other) ? new Result<TOut>.Ok(project(value, other)) : middle.Failure;
    }

    /// <summary>The value, or else the fault: for what runs for every item, where functions would be new objects each time.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Fault? fault)
    {
        (value, fault) = this is Ok(var found) ? (found, null) : (default(T), Failure);
        return fault is null;
    }

    private Fault Failure => this is Failed(var fault) ? fault : throw new UnreachableException();
}

public static class Result
{
    /// <summary>Wraps a value whose type is an interface, for which C# allows no implicit conversion.</summary>
    public static Result<T> Ok<T>(T value) => new Result<T>.Ok(value);

    /// <summary>Runs <paramref name="f"/>, turning exceptions of type <typeparamref name="TException"/> into a fault.</summary>
    /// <remarks>Use at the boundary with a throwing library, naming the narrowest exception type it documents.</remarks>
    public static Result<T> Try<T, TException>(string code, Func<T> f)
        where TException : Exception
    {
        try
        {
            return new Result<T>.Ok(f());
        }
        catch (TException e)
        {
            return new Fault(code, e.Message, e);
        }
    }
}
