using System.Numerics;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Stages;

/// <summary>The arrays that one item of a source has rented, whatever messages it becomes. They are used again once the last of these has left the graph.</summary>
/// <remarks>
/// Safe for several threads. After that, and after a kernel at the item was late, arrays that are asked for are fresh and
/// none is used again: a late kernel may still write into those it has.
/// </remarks>
public sealed class ItemArrays
{
    private readonly ArrayStore? _store;
    private readonly IReadOnlyList<ItemArrays> _members;
    /// <summary>Its own lock; nobody touches it once they are gone.</summary>
    private readonly List<Array> _held = [];
    private bool _gone;
    private bool _pinned;

    internal ItemArrays(ArrayStore store) => (_store, _members) = (store, []);

    private ItemArrays(IReadOnlyList<ItemArrays> members) => _members = members;

    /// <summary>Those of a message that several items make up; what is rented belongs to the last of them.</summary>
    /// <returns>Null where there are none.</returns>
    internal static ItemArrays? Of(IReadOnlyList<ItemArrays> members) => members.Count switch
    {
        0 => null,
        1 => members[0],
        _ => new ItemArrays(members),
    };

    /// <summary>Where all of them come from.</summary>
    internal ArrayStore Store => _store ?? _members[^1].Store;

    /// <summary>A length for at least so many bytes that arrays for others fit as well: files have any size, arrays that fit again have few.</summary>
    public static int Fitting(long bytes) => (int)Math.Min((ulong)Array.MaxLength, BitOperations.RoundUpToPowerOf2((ulong)bytes));

    /// <summary>An array of exactly this length. Its content is what others left there.</summary>
    public T[] Rent<T>(int length)
        where T : unmanaged
    {
        if (_store is null)
        {
            return _members[^1].Rent<T>(length);
        }

        lock (_held)
        {
            if (_gone)
            {
                return GC.AllocateUninitializedArray<T>(length);
            }

            var array = _store.Rent<T>(length);
            _held.Add(array);
            return array;
        }
    }

    /// <summary>
    /// Gives back an array before the item leaves: nobody reads it any more. One that was not rented here is left alone, and so
    /// is every one of an item that has become several messages, which may share it.
    /// </summary>
    public void Release(Array array)
    {
        foreach (var member in _members)
        {
            member.Release(array);
        }

        if (TakeOut(array))
        {
            _store!.Return(array);
        }
    }

    /// <summary>The item becomes several messages.</summary>
    internal void Pin()
    {
        lock (_held)
        {
            _pinned = true;
        }
    }

    /// <summary>The item has left: its arrays may be used again.</summary>
    internal void Return()
    {
        foreach (var array in Take())
        {
            _store!.Return(array);
        }
    }

    /// <summary>Somebody may still write into the arrays, so they are left to the garbage collector.</summary>
    internal void Forget()
    {
        foreach (var member in _members)
        {
            member.Forget();
        }

        _ = Take();
    }

    private bool TakeOut(Array array)
    {
        lock (_held)
        {
            for (var at = 0; !_pinned && !_gone && at < _held.Count; at++)
            {
                if (ReferenceEquals(_held[at], array))
                {
                    _held.RemoveAt(at);
                    return true;
                }
            }

            return false;
        }
    }

    private List<Array> Take()
    {
        lock (_held)
        {
            var gone = _gone;
            _gone = true;
            return gone ? [] : _held;
        }
    }
}
