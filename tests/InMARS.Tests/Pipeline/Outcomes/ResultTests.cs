using CsCheck;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Tests.Pipeline.Outcomes;

public class ResultTests
{
    private static readonly Gen<Result<int>> Results = Gen.Bool.SelectMany(ok =>
        Gen.Int[-100, 100].Select(i => ok ? (Result<int>)i : new Fault($"code.{i}", "message")));

    private static readonly Gen<Func<int, Result<int>>> Functions = Gen.Int[-5, 5].Select(Func<int, Result<int>> (k) =>
        x => (x + k) % 3 == 0 ? new Fault("third", $"{x} + {k}") : x * k);

    [Fact]
    public void Ok_is_the_left_identity_of_bind() =>
        Gen.Select(Gen.Int, Functions).Sample((x, f) => Result.Ok(x).Bind(f) == f(x));

    [Fact]
    public void Ok_is_the_right_identity_of_bind() =>
        Results.Sample(r => r.Bind(Result.Ok) == r);

    [Fact]
    public void Bind_is_associative() =>
        Gen.Select(Results, Functions, Functions).Sample((r, f, g) => r.Bind(f).Bind(g) == r.Bind(x => f(x).Bind(g)));

    [Fact]
    public void Map_keeps_identity_and_composition() =>
        Results.Sample(r => r.Map(x => x) == r && r.Map(x => x + 1).Map(x => x * 2) == r.Map(x => (x + 1) * 2));

    [Fact]
    public void Query_syntax_stops_at_the_first_fault()
    {
        var sum = from a in Result.Ok(2) from b in (Result<int>)new Fault("first", "1") from c in (Result<int>)new Fault("second", "2") select a + b + c;

        Assert.Equal(new Fault("first", "1"), Assert.IsType<Result<int>.Failed>(sum).Fault);
    }

    [Fact]
    public void TryGet_gives_the_value_or_the_fault() =>
        Results.Sample(r => r.TryGet(out var value, out var fault) ? r == Result.Ok(value) && fault is null : r == (Result<int>)fault!);

    [Fact]
    public void Try_catches_the_named_exception_only()
    {
        var caught = Result.Try<int, FormatException>("parse", () => int.Parse("x"));

        Assert.Equal("parse", Assert.IsType<Result<int>.Failed>(caught).Fault.Code);
        Assert.Throws<OverflowException>(() => Result.Try<int, FormatException>("parse", () => int.Parse("99999999999")));
    }
}

public class ValidatedTests
{
    private static readonly ConfigError First = new("f:1:1", "a", "first");
    private static readonly ConfigError Second = new("f:2:1", "b", "second");

    [Fact]
    public void Apply_keeps_the_errors_of_both_sides()
    {
        var both = ((Validated<int>)First, (Validated<int>)Second).Apply((a, b) => a + b);

        Assert.Equal([First, Second], both.ErrorsOrNone);
    }

    [Fact]
    public void Gather_keeps_the_errors_of_all_and_the_order_of_values()
    {
        var wrong = new Validated<int>[] { 1, First, 2, Second }.Gather();
        var right = new Validated<int>[] { 1, 2, 3 }.Gather();

        Assert.Equal([First, Second], wrong.ErrorsOrNone);
        Assert.Equal([1, 2, 3], ((Validated<IReadOnlyList<int>>.Valid)right).Value);
    }

    [Fact]
    public void Bind_stops_at_errors() =>
        Assert.Equal([First], ((Validated<int>)First).Bind(x => (Validated<int>)Second).ErrorsOrNone);
}
