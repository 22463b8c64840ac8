using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>What became of the items of one shard in one epoch.</summary>
/// <param name="Done">Whether the source has gone on to another shard and nothing of this one is under way.</param>
public sealed record ShardCounts(int Epoch, string Shard, long Read, long Left, long Rejected, bool Done);

/// <summary>What a checkpoint remembers of a shard; the last that it has of one counts.</summary>
/// <param name="Border">Number of the border, from 1, that was taken behind these items.</param>
internal sealed record ShardNote(int Border, int Epoch, string Shard, long Read, long Left, long Rejected);

/// <summary>The shards that items have come from. Safe to call from any thread.</summary>
/// <remarks>A border costs what has changed since the one before it, however many shards there are.</remarks>
internal sealed class ShardBooks
{
    private const string Shards = "shards";
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Epoch, string Shard), Account> _accounts = [];
    private readonly HashSet<(int Epoch, string Shard)> _unsaved = [];
    private readonly HashSet<(int Epoch, string Shard)> _untold = [];
    private readonly List<ShardNote> _notes = [];
    private (int Epoch, string Shard)? _current;
    private int _epoch;
    private int _border;

    /// <summary>An item that the source came to.</summary>
    /// <returns>What is to be told of it later.</returns>
    public Account Take(int epoch, string shard)
    {
        lock (_gate)
        {
            if (_current != (epoch, shard))
            {
                ForgetBefore(epoch);
                (_current, _epoch) = ((epoch, shard), epoch);
            }

            if (!_accounts.TryGetValue((epoch, shard), out var account))
            {
                _accounts[(epoch, shard)] = account = new Account();
            }

            _unsaved.Add((epoch, shard));
            _untold.Add((epoch, shard));
            account.Read++;
            return account;
        }
    }

    /// <summary>The source has come to the end of the shard that it was at.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _current = null;
        }
    }

    /// <summary>The shards that changed since this was last asked, at a border.</summary>
    /// <param name="ended">Whether nothing more comes of any of them.</param>
    public IReadOnlyList<ShardCounts> Settle(bool ended)
    {
        lock (_gate)
        {
            IReadOnlyList<ShardCounts> changed = [.. InOrder(_untold).Select(key => Counts(key, ended || _current != key))];
            _untold.RemoveWhere(key => ended || _current != key);
            return changed;
        }
    }

    /// <summary>What a checkpoint remembers, in the order of its borders.</summary>
    /// <exception cref="RunException">It is of another version.</exception>
    public static IReadOnlyList<ShardNote> Notes(FlowState state) =>
        StateArchive.Load(StateArchive.Whole(state.Entries, state.Growing)).Within(Borders.BooksName).Added<ShardNote>(Shards, []);

    public void Carry(StateArchive state)
    {
        lock (_gate)
        {
            _border++;
            _notes.AddRange(InOrder(_unsaved).Select(key => Note(key, _accounts[key])));
            _unsaved.Clear();
            var notes = state.Added(Shards, _notes);
            if (state.Loading)
            {
                Restore(notes);
            }
        }
    }

    private void Restore(IReadOnlyList<ShardNote> notes)
    {
        _notes.AddRange(notes);
        _border = notes.Count == 0 ? 0 : notes.Max(n => n.Border);
        foreach (var note in notes)
        {
            _accounts[(note.Epoch, note.Shard)] = new Account { Read = note.Read, Left = note.Left, Rejected = note.Rejected };
        }

        // Whoever was killed just behind the checkpoint has not told of what it holds.
        _untold.UnionWith(notes.Where(n => n.Border == _border).Select(n => (n.Epoch, n.Shard)));
    }

    private void ForgetBefore(int epoch)
    {
        if (_epoch < epoch)
        {
            foreach (var past in _accounts.Keys.Where(key => key.Epoch < epoch && !_untold.Contains(key)).ToList())
            {
                _accounts.Remove(past);
            }
        }
    }

    private ShardCounts Counts((int Epoch, string Shard) key, bool done)
    {
        var account = _accounts[key];
        return new ShardCounts(key.Epoch, key.Shard, account.Read, account.Left, account.Rejected, done);
    }

    private ShardNote Note((int Epoch, string Shard) key, Account account) => new(_border, key.Epoch, key.Shard, account.Read, account.Left, account.Rejected);

    private static IEnumerable<(int Epoch, string Shard)> InOrder(IEnumerable<(int Epoch, string Shard)> keys) =>
        keys.OrderBy(key => key.Epoch).ThenBy(key => key.Shard, StringComparer.Ordinal);

    /// <summary>Counts of one shard; they change under the lock of whoever counts.</summary>
    internal sealed class Account
    {
        public long Read { get; set; }

        public long Left { get; set; }

        public long Rejected { get; set; }
    }
}
