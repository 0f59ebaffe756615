using System.ComponentModel;
using StackExchange.Redis;

namespace QualGent.Bench.Support;

/// <summary>Keeps a peer that is missing or fails from costing more than its own rows.</summary>
internal static class Guard
{
    /// <summary>The rows of a measurement, or one that says why there are none.</summary>
    public static async Task<IReadOnlyList<Row>> RowsAsync(string name, Func<Task<IReadOnlyList<Row>>> measure)
    {
        try
        {
            return await measure();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or Win32Exception or IOException or RedisException)
        {
            await Console.Error.WriteLineAsync($"{name}: {e.Message}");
            return [Row.NotMeasured(name, e.Message.Split('\n')[0])];
        }
    }

    /// <summary>Takes a measurement at each durability that Redis is run with.</summary>
    public static async Task<IReadOnlyList<Row>> ForEachDurabilityAsync(string name, Func<string, Task<IReadOnlyList<Row>>> measure)
    {
        var rows = new List<Row>();
        foreach (var fsync in (string[])["always", "everysec"])
        {
            rows.AddRange(await RowsAsync($"{name}, `{fsync}`", () => measure(fsync)));
        }

        return rows;
    }
}
