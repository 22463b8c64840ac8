using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace InMARS.Stages.Superpixels.Simd;

/// <summary>Several unsigned 16-bit numbers that are worked on together. Every implementation gives the same numbers.</summary>
/// <remarks>
/// The only file of the topic that reads and writes memory without a check of bounds; in Debug builds it checks. Callers
/// vouch that <c>at</c> to <c>at + Count - 1</c> lies within the span.
/// </remarks>
internal interface ILanes<T>
    where T : struct
{
    /// <summary>How many numbers; divides <see cref="Tiling.Width"/>.</summary>
    static abstract int Count { get; }

    static abstract T Splat(ushort value);

    /// <summary>Reads bytes as 16-bit numbers.</summary>
    static abstract T Widen(ReadOnlySpan<byte> bytes, int at);

    static abstract T Load(ReadOnlySpan<ushort> numbers, int at);

    static abstract void Store(T value, Span<ushort> numbers, int at);

    /// <summary>The square of the difference, for numbers up to 255: at most 65,025.</summary>
    static abstract T SquaredDifference(T a, T b);

    /// <summary>The sum, at most 65,535.</summary>
    static abstract T AddSaturated(T a, T b);

    static abstract T Add(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Min(T a, T b);

    /// <summary>All bits where the numbers are equal, else none.</summary>
    static abstract T Equal(T a, T b);

    static abstract T And(T a, T b);

    static abstract T Or(T a, T b);

    static abstract T Subtract(T a, T b);

    /// <summary>Bits of <paramref name="yes"/> where the mask has them, else of <paramref name="no"/>.</summary>
    static abstract T Select(T mask, T yes, T no);

    static abstract bool IsZero(T value);

    /// <summary>The sum of all numbers, which the caller knows to be below 65,536.</summary>
    static abstract ushort Sum(T value);
}

/// <summary>16 numbers in one 256-bit register.</summary>
internal readonly struct WideLanes : ILanes<Vector256<ushort>>
{
    public static int Count => Vector256<ushort>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Splat(ushort value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Widen(ReadOnlySpan<byte> bytes, int at)
    {
        Debug.Assert(at >= 0 && at + Count <= bytes.Length, "bytes out of bounds");
        var narrow = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(bytes), (nuint)at);
        return Vector256.WidenLower(narrow.ToVector256Unsafe());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Load(ReadOnlySpan<ushort> numbers, int at)
    {
        Debug.Assert(at >= 0 && at + Count <= numbers.Length, "numbers out of bounds");
        return Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<ushort> value, Span<ushort> numbers, int at)
    {
        Debug.Assert(at >= 0 && at + Count <= numbers.Length, "numbers out of bounds");
        value.StoreUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> SquaredDifference(Vector256<ushort> a, Vector256<ushort> b) => (a - b) * (a - b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> AddSaturated(Vector256<ushort> a, Vector256<ushort> b) => Vector256.AddSaturate(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Add(Vector256<ushort> a, Vector256<ushort> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Multiply(Vector256<ushort> a, Vector256<ushort> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Min(Vector256<ushort> a, Vector256<ushort> b) => Vector256.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Equal(Vector256<ushort> a, Vector256<ushort> b) => Vector256.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> And(Vector256<ushort> a, Vector256<ushort> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Or(Vector256<ushort> a, Vector256<ushort> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Subtract(Vector256<ushort> a, Vector256<ushort> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Select(Vector256<ushort> mask, Vector256<ushort> yes, Vector256<ushort> no) => Vector256.ConditionalSelect(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsZero(Vector256<ushort> value) => value == Vector256<ushort>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Sum(Vector256<ushort> value) => Vector256.Sum(value);
}

/// <summary>8 numbers in one 128-bit register, as every processor that .NET runs on has or imitates.</summary>
internal readonly struct PortableLanes : ILanes<Vector128<ushort>>
{
    public static int Count => Vector128<ushort>.Count;

    public static Vector128<ushort> Splat(ushort value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Widen(ReadOnlySpan<byte> bytes, int at)
    {
        Debug.Assert(at >= 0 && at + Count <= bytes.Length, "bytes out of bounds");
        var narrow = Vector64.LoadUnsafe(ref MemoryMarshal.GetReference(bytes), (nuint)at);
        return Vector128.WidenLower(narrow.ToVector128Unsafe());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Load(ReadOnlySpan<ushort> numbers, int at)
    {
        Debug.Assert(at >= 0 && at + Count <= numbers.Length, "numbers out of bounds");
        return Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<ushort> value, Span<ushort> numbers, int at)
    {
        Debug.Assert(at >= 0 && at + Count <= numbers.Length, "numbers out of bounds");
        value.StoreUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)at);
    }

    public static Vector128<ushort> SquaredDifference(Vector128<ushort> a, Vector128<ushort> b) => (a - b) * (a - b);

    public static Vector128<ushort> AddSaturated(Vector128<ushort> a, Vector128<ushort> b) => Vector128.AddSaturate(a, b);

    public static Vector128<ushort> Add(Vector128<ushort> a, Vector128<ushort> b) => a + b;

    public static Vector128<ushort> Multiply(Vector128<ushort> a, Vector128<ushort> b) => a * b;

    public static Vector128<ushort> Min(Vector128<ushort> a, Vector128<ushort> b) => Vector128.Min(a, b);

    public static Vector128<ushort> Equal(Vector128<ushort> a, Vector128<ushort> b) => Vector128.Equals(a, b);

    public static Vector128<ushort> And(Vector128<ushort> a, Vector128<ushort> b) => a & b;

    public static Vector128<ushort> Or(Vector128<ushort> a, Vector128<ushort> b) => a | b;

    public static Vector128<ushort> Subtract(Vector128<ushort> a, Vector128<ushort> b) => a - b;

    public static Vector128<ushort> Select(Vector128<ushort> mask, Vector128<ushort> yes, Vector128<ushort> no) => Vector128.ConditionalSelect(mask, yes, no);

    public static bool IsZero(Vector128<ushort> value) => value == Vector128<ushort>.Zero;

    public static ushort Sum(Vector128<ushort> value) => Vector128.Sum(value);
}

/// <summary>One number: plain C#, the reference for the other two.</summary>
internal readonly struct ScalarLanes : ILanes<ushort>
{
    public static int Count => 1;

    public static ushort Splat(ushort value) => value;

    public static ushort Widen(ReadOnlySpan<byte> bytes, int at) => bytes[at];

    public static ushort Load(ReadOnlySpan<ushort> numbers, int at) => numbers[at];

    public static void Store(ushort value, Span<ushort> numbers, int at) => numbers[at] = value;

    public static ushort SquaredDifference(ushort a, ushort b) => (ushort)((a - b) * (a - b));

    public static ushort AddSaturated(ushort a, ushort b) => (ushort)Math.Min(a + b, ushort.MaxValue);

    public static ushort Add(ushort a, ushort b) => (ushort)(a + b);

    public static ushort Multiply(ushort a, ushort b) => (ushort)(a * b);

    public static ushort Min(ushort a, ushort b) => Math.Min(a, b);

    public static ushort Equal(ushort a, ushort b) => a == b ? ushort.MaxValue : (ushort)0;

    public static ushort And(ushort a, ushort b) => (ushort)(a & b);

    public static ushort Or(ushort a, ushort b) => (ushort)(a | b);

    public static ushort Subtract(ushort a, ushort b) => (ushort)(a - b);

    public static ushort Select(ushort mask, ushort yes, ushort no) => (ushort)((mask & yes) | (~mask & no));

    public static bool IsZero(ushort value) => value == 0;

    public static ushort Sum(ushort value) => value;
}
