using System.Runtime.CompilerServices;

namespace InMARS.Pipeline.Graphs;

/// <summary>Arrays of a flow that wait to be used again, by type and exact length.</summary>
/// <param name="room">Bytes that they may take now; where one more does not fit, all are let go, for these are of sizes that do not come again.</param>
internal sealed class ArrayStore(Func<long> room)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Type Type, int Length), Stack<Array>> _idle = [];
    private long _idleBytes;

    /// <summary>Bytes that wait.</summary>
    public long IdleBytes
    {
        get
        {
            lock (_gate)
            {
                return _idleBytes;
            }
        }
    }

    public T[] Rent<T>(int length)
        where T : unmanaged
    {
        lock (_gate)
        {
            if (_idle.TryGetValue((typeof(T), length), out var same) && same.TryPop(out var idle))
            {
                _idleBytes -= Bytes(idle);
                return Unsafe.As<T[]>(idle);
            }
        }

        return GC.AllocateUninitializedArray<T>(length);
    }

    /// <summary>Takes an array that nobody else refers to.</summary>
    public void Return(Array array)
    {
        var bytes = Bytes(array);
        var most = room();
        lock (_gate)
        {
            if (_idleBytes + bytes > most)
            {
                _idle.Clear();
                _idleBytes = 0;
            }

            var key = (array.GetType().GetElementType()!, array.Length);
            if (!_idle.TryGetValue(key, out var same))
            {
                _idle[key] = same = new Stack<Array>();
            }

            same.Push(array);
            _idleBytes += bytes;
        }
    }

    private static long Bytes(Array array) => (long)array.Length * RuntimeHelpers.SizeOf(array.GetType().GetElementType()!.TypeHandle);
}
