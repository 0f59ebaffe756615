namespace QualGent.Simulation.Comparison;

/// <summary>What the queue answered when jobs asked for their start, and how far that was from what came.</summary>
internal sealed class Forecasts
{
    private readonly List<(PlannedJob Job, double AskedMs, double ExpectedMs, double AtMostMs)> _asked = [];

    public int Count => _asked.Count;

    /// <summary>Notes an answer; all times are instants of the simulation.</summary>
    public void Add(PlannedJob job, double askedMs, double expectedMs, double atMostMs) => _asked.Add((job, askedMs, expectedMs, atMostMs));

    /// <summary>Median of the errors, each a part of the wait that was left, and the share of jobs that began by the later of the two instants.</summary>
    public (double MedianError, double InTime) Judge(History history)
    {
        var began = history.Spans.Where(span => span.Job is not null).ToDictionary(span => span.Job!, span => (double)span.FromMs);
        var errors = _asked.Select(one => Math.Abs(one.ExpectedMs - began[one.Job]) / Math.Max(1, began[one.Job] - one.AskedMs)).Order().ToList();
        return (History.Percentile(errors, 0.5), _asked.Average(one => began[one.Job] <= one.AtMostMs ? 1 : 0));
    }
}
