namespace QualGent.Scheduling.Waiting;

/// <summary>
/// How organisations share the devices of a class, as if work were a liquid: by weight and cap, and whoever runs out of work leaves its
/// share to the others (generalised processor sharing).
/// </summary>
internal static class DeviceShares
{
    /// <summary>Devices the organisation of a place in the queue may count on at the moment.</summary>
    public static double Now(WaitFacts facts) => Rates(facts, facts.Rivals ?? [])[0];

    /// <summary>Milliseconds until the organisation's share of the devices has done an amount of work.</summary>
    public static double TimeToServe(WaitFacts facts, double work)
    {
        IReadOnlyList<WaitFacts.Rival> rivals = facts.Rivals ?? [];
        var time = 0.0;
        while (true)
        {
            var rates = Rates(facts, rivals);
            var done = work / rates[0];
            var next = rivals.Select((rival, i) => rival.WorkMs / rates[i + 1]).DefaultIfEmpty(double.PositiveInfinity).Min();
            if (done <= next)
            {
                return time + done;
            }

            time += next;
            work -= rates[0] * next;
            rivals = [.. rivals.Select((rival, i) => rival with { WorkMs = rival.WorkMs - (rates[i + 1] * next) }).Where(rival => rival.WorkMs > 0.001)];
        }
    }

    private static double[] Rates(WaitFacts facts, IEnumerable<WaitFacts.Rival> rivals) =>
        Rates([(facts.OrgWeight, Limit(facts.OrgCap)), .. rivals.Select(rival => (rival.Weight, Limit(rival.Cap)))], facts.OnDuty);

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
