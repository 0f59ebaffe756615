namespace QualGent.Bench.Support;

/// <summary>The rows of this run, each printed as soon as it is known.</summary>
internal sealed class Report
{
    private readonly List<Row> _rows = [];

    public IReadOnlyList<Row> Rows => _rows;

    public void Add(Row row)
    {
        _rows.Add(row);
        Console.WriteLine($"{row.Ratio,12} {row.Target,8} {row.Verdict,4}  {row.Measure}: {row.Figures}");
    }

    /// <summary>Takes a measurement. A peer that is missing, or a failure, costs its own rows and nothing else; one row says why.</summary>
    public async Task MeasureAsync(string name, Func<Task> measure, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await measure();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{name}: {e}");
            Add(Row.NotMeasured(name, e.Message.Split('\n')[0]));
        }
    }

    /// <summary>Takes a measurement at each durability that Redis is run with.</summary>
    public async Task MeasureDurabilitiesAsync(string name, Func<string, Task> measure, CancellationToken cancellationToken)
    {
        foreach (var fsync in (string[])["always", "everysec"])
        {
            await MeasureAsync($"{name}, `{fsync}`", () => measure(fsync), cancellationToken);
        }
    }
}
