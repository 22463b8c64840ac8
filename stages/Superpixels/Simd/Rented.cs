using System.Buffers;

namespace InMARS.Stages.Superpixels.Simd;

/// <summary>A buffer of the shared pool, given back when disposed. Its content is what others left there.</summary>
internal readonly ref struct Rented<T>(int length)
    where T : unmanaged
{
    private readonly T[] _array = ArrayPool<T>.Shared.Rent(length);

    public Span<T> Span => _array.AsSpan(0, length);

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
