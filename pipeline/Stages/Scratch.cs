using System.Buffers;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Stages;

/// <summary>
/// Memory that a kernel works in and gives back when it disposes this; its content is what others left there. From
/// <see cref="ItemContext.Scratch{T}"/>.
/// </summary>
/// <remarks>
/// It is lent by the flow, which thereby has as much of it as kernels are at work at once. The shared pool, which lends it where the flow
/// uses no arrays again, keeps some for each thread that ever came by.
/// </remarks>
public readonly ref struct Scratch<T>
    where T : unmanaged
{
    private readonly ArrayStore? _store;
    private readonly T[] _array;
    private readonly int _length;

    internal Scratch(ArrayStore? store, int length)
    {
        (_store, _length) = (store, length);
        _array = store is null ? ArrayPool<T>.Shared.Rent(length) : store.Rent<T>(ItemArrays.Fitting(length));
    }

    /// <summary>As long as was asked for.</summary>
    public Span<T> Span => _array.AsSpan(0, _length);

    /// <summary>Gives it back; nobody may read it any more.</summary>
    public void Dispose()
    {
        if (_store is null)
        {
            ArrayPool<T>.Shared.Return(_array);
        }
        else
        {
            _store.Return(_array);
        }
    }
}
