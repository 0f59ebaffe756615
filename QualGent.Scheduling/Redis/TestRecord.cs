using System.Globalization;
using QualGent.Contracts;

namespace QualGent.Scheduling.Redis;

/// <summary>A test's history as <c>remember.lua</c> keeps it.</summary>
internal sealed class TestRecord
{
    private const int SlotLength = 9;
    private readonly long _ended;
    private readonly DateTimeOffset _lastRunAt;
    private readonly List<(char Letter, long Ms)> _executions = [];
    private readonly List<TestFailureView> _failures;

    public TestRecord(string stored)
    {
        var parts = stored.Split(' ', 4);
        _ended = long.Parse(parts[0], CultureInfo.InvariantCulture);
        _lastRunAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture));
        for (var at = 0; at + SlotLength <= parts[2].Length; at += SlotLength)
        {
            _executions.Add((parts[2][at], long.Parse(parts[2].AsSpan(at + 1, SlotLength - 1), CultureInfo.InvariantCulture)));
        }

        _failures = [.. parts[3].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Failure).Reverse()];
    }

    /// <summary>It passed, of late, after it had failed.</summary>
    public bool IsFlaky => Count("k") > 0;

    /// <summary>Run times in milliseconds: the median, and what nine of ten took at most.</summary>
    public (long P50, long P90) Durations
    {
        get
        {
            var passed = _executions.Where(one => "pk".Contains(one.Letter, StringComparison.Ordinal)).ToList();
            var ordered = (passed.Count > 0 ? passed : _executions).Select(one => one.Ms).Order().ToList();
            return (At(ordered, 0.5), At(ordered, 0.9));
        }
    }

    public TestView View(string testPath, bool quarantined)
    {
        double ended = Count("pkfe");
        var (p50, p90) = Durations;
        return new TestView
        {
            TestPath = testPath,
            Runs = _ended,
            Executions = _executions.Count,
            PassRate = ended > 0 ? Math.Round(Count("pk") / ended, 4) : null,
            FlakeRate = ended > 0 ? Math.Round(Count("k") / ended, 4) : null,
            DurationP50Ms = p50,
            DurationP90Ms = p90,
            LastRunAt = _lastRunAt,
            Quarantined = quarantined,
            LastFailures = _failures,
        };
    }

    private int Count(string letters) => _executions.Count(one => letters.Contains(one.Letter, StringComparison.Ordinal));

    // The smallest time that at least such a share of the executions kept to.
    private static long At(List<long> ordered, double share) => ordered[Math.Max(0, (int)Math.Ceiling(share * ordered.Count) - 1)];

    private static TestFailureView Failure(string stored)
    {
        var parts = stored.Split(',');
        return new TestFailureView(parts[0], parts[1].Length == 0 ? null : parts[1], DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[2], CultureInfo.InvariantCulture)));
    }
}
