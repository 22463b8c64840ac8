using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>What became of the items of one shard in one epoch.</summary>
/// <param name="Done">Whether the source has gone on to another shard and nothing of this one is under way.</param>
public sealed record ShardCounts(int Epoch, string Shard, long Read, long Left, long Rejected, bool Done);

/// <summary>The shards that items have come from since the last border. Safe to call from any thread.</summary>
internal sealed class ShardBooks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Epoch, string Shard), Account> _accounts = [];
    private (int Epoch, string Shard)? _current;

    /// <summary>An item that the source came to.</summary>
    /// <returns>What is to be told of it later.</returns>
    public Account Take(int epoch, string shard)
    {
        lock (_gate)
        {
            _current = (epoch, shard);
            if (!_accounts.TryGetValue((epoch, shard), out var account))
            {
                _accounts[(epoch, shard)] = account = new Account();
            }

            account.Read++;
            return account;
        }
    }

    /// <summary>The shards that changed since this was last asked, at a border.</summary>
    /// <param name="ended">Whether nothing more comes of any of them.</param>
    public IReadOnlyList<ShardCounts> Settle(bool ended)
    {
        lock (_gate)
        {
            IReadOnlyList<ShardCounts> changed =
            [
                .. _accounts.Where(a => a.Value.Told != a.Value.Read).Select(a =>
                {
                    var ((epoch, shard), account) = a;
                    var done = ended || _current != a.Key;
                    account.Told = done ? account.Read : -1;
                    return new ShardCounts(epoch, shard, account.Read, account.Left, account.Rejected, done);
                }),
            ];
            foreach (var past in _accounts.Keys.Where(key => key.Epoch < _current?.Epoch).ToList())
            {
                _accounts.Remove(past);
            }

            return changed;
        }
    }

    public void Carry(StateArchive state)
    {
        lock (_gate)
        {
            var now = state.Value("shards", _accounts.OrderBy(a => a.Key.Epoch).ThenBy(a => a.Key.Shard, StringComparer.Ordinal)
                .Select(a => (a.Key.Epoch, a.Key.Shard, a.Value.Read, a.Value.Left, a.Value.Rejected)).ToArray());
            if (state.Loading)
            {
                Array.ForEach(now, a => _accounts[(a.Epoch, a.Shard)] = new Account { Read = a.Read, Left = a.Left, Rejected = a.Rejected });
            }
        }
    }

    /// <summary>Counts of one shard; they change under the lock of whoever counts.</summary>
    internal sealed class Account
    {
        public long Read { get; set; }

        public long Left { get; set; }

        public long Rejected { get; set; }

        /// <summary>Items that were read when the shard was last told as done; -1 where it was told otherwise.</summary>
        public long Told { get; set; } = -1;
    }
}
