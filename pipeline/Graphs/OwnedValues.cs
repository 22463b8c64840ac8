using System.Collections.Concurrent;

namespace InMARS.Pipeline.Graphs;

/// <summary>Disposable values on their way through a graph. What a failing block forgets is disposed with the run.</summary>
internal sealed class OwnedValues : IDisposable
{
    private readonly ConcurrentDictionary<IDisposable, int> _owned = new(ReferenceEqualityComparer.Instance);

    /// <summary>The run disposes this value unless it is released before.</summary>
    public void Own<T>(T value)
    {
        foreach (var disposable in Disposables(value))
        {
            _owned.TryAdd(disposable, 1);
        }
    }

    /// <summary>A value now has this many readers; the last release disposes it.</summary>
    public void Share<T>(T value, int readers)
    {
        foreach (var disposable in Disposables(value))
        {
            _owned[disposable] = readers;
        }
    }

    public void Release<T>(T value)
    {
        foreach (var disposable in Disposables(value))
        {
            ReleaseOne(disposable);
        }
    }

    /// <summary>Releases an input, except what its outputs took over: a kernel that returns its input has moved it.</summary>
    public void ReleaseAllBut<TIn, TOut>(TIn input, IReadOnlyList<TOut> outputs)
    {
        foreach (var disposable in Disposables(input))
        {
            if (!outputs.SelectMany(Disposables).Contains(disposable, ReferenceEqualityComparer.Instance))
            {
                ReleaseOne(disposable);
            }
        }
    }

    /// <summary>Takes a value out of the run's hands; whoever calls this disposes it.</summary>
    /// <returns>What is to be disposed, in no order.</returns>
    public IReadOnlyList<IDisposable> GiveUp<T>(T value) => [.. Disposables(value).Where(disposable => _owned.TryRemove(disposable, out _))];

    /// <summary>What is to be disposed of a value: itself, or what it lists.</summary>
    public static IEnumerable<IDisposable> Disposables<T>(T value) => value switch
    {
        IDisposable one => [one],
        IEnumerable<IDisposable> many => many,
        _ => [],
    };

    private void ReleaseOne(IDisposable disposable)
    {
        while (_owned.TryGetValue(disposable, out var readers))
        {
            if (readers > 1)
            {
                if (_owned.TryUpdate(disposable, readers - 1, readers))
                {
                    return;
                }
            }
            else if (_owned.TryRemove(KeyValuePair.Create(disposable, readers)))
            {
                disposable.Dispose();
                return;
            }
        }
    }

    public void Dispose()
    {
        foreach (var disposable in _owned.Keys)
        {
            disposable.Dispose();
        }

        _owned.Clear();
    }
}
