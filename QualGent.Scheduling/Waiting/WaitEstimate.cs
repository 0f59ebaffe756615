namespace QualGent.Scheduling.Waiting;

/// <summary>
/// How long a place in the queue waits, as if work were a liquid: the devices are divided among the organisations by weight and
/// cap, whoever runs out of work leaves its share to the others (generalised processor sharing), and the work that comes first
/// has to flow off at the organisation's rate.
/// </summary>
internal static class WaitEstimate
{
    // What a device is busy with already, of a batch of a minute, on average.
    private const double RestOfBatchMs = 30_000;

    // How far beyond the expectation nine of ten starts lie: as a part of the expectation, and in files.
    private const double Spread = 0.6;

    /// <summary>Milliseconds until the start of the job at the place, expected and met in nine of ten cases; null when nobody can say.</summary>
    public static (double P50, double P90)? Start(WaitFacts facts)
    {
        if (facts.OnDuty == 0 || facts.Condemned || facts.PausedPool || facts.PausedOrg || facts.PausedBuild)
        {
            return null;
        }

        var due = Math.Max(0, facts.DueMs - facts.NowMs);
        var wait = facts.Bound > 0 ? OfServedGroup(facts) : OfOpenGroup(facts);
        var expected = Math.Max(due, wait);
        return (expected, expected + (Spread * wait) + (facts.EstimateMs * (facts.Bound > 0 || wait > 0 ? 1 : 0)));
    }

    // Its devices stay with the group until it is empty; idle ones join while it has room.
    private static double OfServedGroup(WaitFacts facts)
    {
        var devices = facts.Bound + Math.Min(facts.Idle, Math.Max(0, facts.Room));
        var rest = facts.Idle > 0 && facts.Room > 0 ? facts.InstallMs : Math.Min(RestOfBatchMs, facts.EstimateMs * Math.Max(1, RestOfBatchMs / facts.EstimateMs));
        return rest + (facts.Ahead * facts.EstimateMs / devices);
    }

    private static double OfOpenGroup(WaitFacts facts)
    {
        var own = facts.InstallMs + (facts.Ahead * facts.EstimateMs);
        var capped = facts.OrgCap >= 0 && facts.OrgDevices >= facts.OrgCap;
        if (facts.Idle > facts.Org.Groups && !capped)
        {
            return own;
        }

        var before = facts.Org.WorkMs + (facts.OrgDevices * RestOfBatchMs);
        return Math.Max(RestOfBatchMs, TimeToServe(facts, before)) + own;
    }

    /// <summary>Milliseconds until the organisation's share of the devices has done an amount of work.</summary>
    internal static double TimeToServe(WaitFacts facts, double work)
    {
        var rivals = (facts.Rivals ?? []).Select(rival => (rival.Weight, Cap: Limit(rival.Cap), Work: rival.WorkMs)).ToList();
        var time = 0.0;
        while (true)
        {
            var rate = Rates([(facts.OrgWeight, Limit(facts.OrgCap)), .. rivals.Select(rival => (rival.Weight, rival.Cap))], facts.OnDuty);
            var done = work / rate[0];
            var next = rivals.Select((rival, i) => rival.Work / rate[i + 1]).DefaultIfEmpty(double.PositiveInfinity).Min();
            if (done <= next)
            {
                return time + done;
            }

            time += next;
            work -= rate[0] * next;
            rivals = [.. rivals.Select((rival, i) => rival with { Work = rival.Work - (rate[i + 1] * next) }).Where(rival => rival.Work > 0.001)];
        }
    }

    // Weighted max-min: who cannot use its share by its cap leaves the rest to the others.
    private static double[] Rates(IReadOnlyList<(double Weight, double Cap)> claims, double devices)
    {
        var rates = new double[claims.Count];
        var open = Enumerable.Range(0, claims.Count).ToList();
        while (open.Count > 0)
        {
            var perWeight = devices / open.Sum(i => claims[i].Weight);
            var full = open.Where(i => claims[i].Cap <= perWeight * claims[i].Weight).ToList();
            foreach (var i in full.Count > 0 ? full : open)
            {
                rates[i] = Math.Max(0.001, Math.Min(claims[i].Cap, perWeight * claims[i].Weight));
                devices -= full.Count > 0 ? rates[i] : 0;
            }

            open = full.Count > 0 ? [.. open.Except(full)] : [];
        }

        return rates;
    }

    private static double Limit(int cap) => cap < 0 ? double.PositiveInfinity : cap;
}
