using System.Globalization;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>A hash as read, with typed access to its fields.</summary>
internal sealed class RedisHash(HashEntry[] entries)
{
    private readonly Dictionary<string, RedisValue> _fields = entries.ToDictionary(entry => (string)entry.Name!, entry => entry.Value, StringComparer.Ordinal);

    public bool Exists => _fields.Count > 0;

    public bool Has(string field) => _fields.ContainsKey(field);

    public string? Text(string field) => _fields.TryGetValue(field, out var value) ? (string?)value : null;

    public string Required(string field) => Text(field) ?? throw new InvalidOperationException($"The queue's data lacks the field '{field}'.");

    public long? Number(string field) => Text(field) is { } text ? (long)double.Parse(text, CultureInfo.InvariantCulture) : null;

    public double? Decimal(string field) => Text(field) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    public int Count(string field) => (int)(Number(field) ?? 0);

    public DateTimeOffset? Instant(string field) => Number(field) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <summary>The same with some fields replaced, or removed where null.</summary>
    public RedisHash With(params (string Name, string? Value)[] fields)
    {
        var all = new Dictionary<string, RedisValue>(_fields, StringComparer.Ordinal);
        foreach (var (name, value) in fields)
        {
            all.Remove(name);
            if (value is not null)
            {
                all[name] = value;
            }
        }

        return new RedisHash([.. all.Select(field => new HashEntry(field.Key, field.Value))]);
    }

    /// <summary>An enum stored in lower case.</summary>
    public T? Enum<T>(string field)
        where T : struct, Enum => Text(field) is { } text ? System.Enum.Parse<T>(text, ignoreCase: true) : null;
}
