using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using QualGent.Scheduling.Redis;
using StackExchange.Redis;

namespace QualGent.Simulation.Checking;

/// <summary>Everything a pool has in Redis at one instant, by key without the pool's prefix. A key that does not exist reads as empty.</summary>
internal sealed class PoolSnapshot
{
    // One script reads everything, so that the picture is of one instant: [name, type, value or list of values]…
    private const string Dump = """
        #!lua flags=no-writes
        local out, cursor = {}, '0'
        repeat
          local page = redis.call('SCAN', cursor, 'MATCH', KEYS[1]:gsub('[{}]', '?') .. '*', 'COUNT', 1000)
          cursor = page[1]
          for _, key in ipairs(page[2]) do
            local type, value = redis.call('TYPE', key).ok, nil
            if type == 'string' then value = { redis.call('GET', key) }
            elseif type == 'hash' then value = redis.call('HGETALL', key)
            elseif type == 'set' then value = redis.call('SMEMBERS', key)
            elseif type == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
            elseif type == 'list' then value = redis.call('LRANGE', key, 0, -1)
            elseif type == 'stream' then
              value = {}
              for _, entry in ipairs(redis.call('XREVRANGE', key, '+', '-', 'COUNT', ARGV[1]) or {}) do
                for _, text in ipairs({ entry[1], entry[2][2], entry[2][4] }) do value[#value + 1] = text end
              end
            end
            out[#out + 1] = { string.sub(key, #KEYS[1] + 1), type, value }
          end
        until cursor == '0'
        return out
        """;

    private static readonly IReadOnlySet<string> s_nothing = FrozenSet<string>.Empty;
    private readonly SortedDictionary<string, string[]> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _hashes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, double>> _scores = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlySet<string>> _sets = new(StringComparer.Ordinal);

    private PoolSnapshot(RedisResult[] keys)
    {
        foreach (var entry in keys)
        {
            var parts = (RedisResult[])entry!;
            var (key, type, values) = ((string)parts[0]!, (string)parts[1]!, (string[])parts[2]!);
            switch (type)
            {
                case "hash":
                    _hashes[key] = Pairs(values).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
                    values = [.. Pairs(values).OrderBy(pair => pair.Name, StringComparer.Ordinal).SelectMany(pair => (string[])[pair.Name, pair.Value])];
                    break;
                case "zset":
                    _scores[key] = Pairs(values).ToDictionary(pair => pair.Name, pair => double.Parse(pair.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);
                    break;
                case "set":
                    _sets[key] = values.ToHashSet(StringComparer.Ordinal);
                    Array.Sort(values, StringComparer.Ordinal);
                    break;
            }

            _all[key] = values;
        }
    }

    /// <summary>A pool without anything.</summary>
    public static PoolSnapshot Empty { get; } = new([]);

    /// <summary>Reads the pool.</summary>
    /// <param name="database">Where.</param>
    /// <param name="keys">Which.</param>
    /// <param name="events">How many of the newest events of each run.</param>
    public static async Task<PoolSnapshot> ReadAsync(IDatabase database, RedisKeys keys, int events = 0) =>
        new((RedisResult[])(await database.ScriptEvaluateAsync(Dump, [keys.Prefix], [events]))!);

    /// <summary>The manifest of a run: a run of one test keeps it in its record.</summary>
    public IReadOnlyList<string> Tests(string runId) =>
        Hash("run:" + runId).TryGetValue("test", out var only) ? [only] : _all.GetValueOrDefault($"run:{runId}:tests", []);

    public IReadOnlyList<string> List(string key) => _all.GetValueOrDefault(key, []);

    public string? Text(string key) => _all.TryGetValue(key, out var values) ? values[0] : null;

    public IReadOnlyDictionary<string, string> Hash(string key) => _hashes.GetValueOrDefault(key, FrozenDictionary<string, string>.Empty);

    public IReadOnlyDictionary<string, double> Scores(string key) => _scores.GetValueOrDefault(key, FrozenDictionary<string, double>.Empty);

    public IReadOnlySet<string> Set(string key) => _sets.GetValueOrDefault(key, s_nothing);

    /// <summary>Keys of any type that begin with the prefix, by their rest.</summary>
    public IEnumerable<string> NamesWith(string prefix) => _all.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..]);

    /// <summary>Sets whose key begins with the prefix, by the rest of the key.</summary>
    public IEnumerable<(string Name, IReadOnlySet<string> Members)> SetsWith(string prefix) =>
        _sets.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => (pair.Key[prefix.Length..], pair.Value));

    /// <summary>Sorted sets whose key begins with the prefix, by the rest of the key.</summary>
    public IEnumerable<(string Name, IReadOnlyDictionary<string, double> Scores)> ScoresWith(string prefix) =>
        _scores.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => (pair.Key[prefix.Length..], pair.Value));

    /// <summary>Everything as text, for comparing before and after.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (key, values) in _all)
        {
            text.Append(key).Append(": ").AppendJoin(' ', values).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string[] values)
    {
        for (var i = 0; i < values.Length; i += 2)
        {
            yield return (values[i], values[i + 1]);
        }
    }
}
