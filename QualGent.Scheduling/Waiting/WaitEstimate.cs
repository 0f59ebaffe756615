namespace QualGent.Scheduling.Waiting;

/// <summary>
/// How long a place in the queue waits. First, when the devices that will serve its group are free: those that visit it, by what
/// they hold; those that will join, when the organisation's share reaches that far (<see cref="DeviceShares"/>). Then batch by
/// batch until one of them has come to the place.
/// </summary>
internal static class WaitEstimate
{
    // Half a batch of a minute: what a device is busy with, on average, when nothing better is known.
    private const double RestOfBatchMs = 30_000;
    private const double BatchMs = 60_000;
    private const int BatchMax = 64;

    // Beyond so many batches work is a liquid here too: a question has to stay cheap.
    private const int BatchesFollowed = 4096;

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
        var wait = AtPlace(facts, Devices(facts));
        return (Math.Max(due, wait), Math.Max(due, wait) + (Spread * wait) + facts.EstimateMs);
    }

    // Instants from which on devices work for the group, at least one.
    private static List<double> Devices(WaitFacts facts)
    {
        var free = new List<double>(facts.FreeMs ?? []);
        var capped = facts.OrgCap >= 0 && facts.OrgDevices >= facts.OrgCap;
        var idle = capped ? 0 : Math.Max(0, facts.Idle - facts.Org.Width);
        var least = facts.Bound == 0 ? 1 : 0;
        var joining = (int)Math.Min(idle, Math.Max(least, Math.Max(facts.Room, facts.Warm)));
        for (var i = 0; i < joining; i++)
        {
            free.Add(i < facts.Warm ? 0 : facts.InstallMs);
        }

        if (idle == 0)
        {
            AddFromShare(facts, free, Math.Max(least, facts.RoomBusy));
        }

        return free;
    }

    // Every device is busy. What the organisation lacks to its share it gets soon, as batches end, for its senior groups first; what
    // its other groups leave comes when their work is done.
    private static void AddFromShare(WaitFacts facts, List<double> free, double room)
    {
        var share = DeviceShares.Now(facts);
        var soon = Math.Max(0, Math.Min(room, Math.Round(Math.Max(0, share - facts.OrgDevices)) - facts.Org.Width));
        var later = Math.Max(0, Math.Min(room - soon, Math.Round(share) - facts.Bound - soon));
        if (free.Count + soon + later < 1)
        {
            later = 1;
        }

        free.AddRange(Enumerable.Repeat(RestOfBatchMs + facts.InstallMs, (int)soon));
        if (later >= 1)
        {
            // Devices that visit the group do nothing for the work before it.
            var others = facts.Bound == 0 ? 1 : share / Math.Max(1, share - facts.Bound);
            var before = Math.Max(RestOfBatchMs, DeviceShares.TimeToServe(facts, facts.Org.WorkMs * others));
            free.AddRange(Enumerable.Repeat(before + facts.InstallMs, (int)later));
        }
    }

    // The free device takes a batch, as take_jobs.lua would give it one, until the place is in it.
    private static double AtPlace(WaitFacts facts, List<double> free)
    {
        var devices = new PriorityQueue<double, double>(free.Select(at => (at, at)));
        var full = Math.Clamp(Math.Floor(BatchMs / facts.EstimateMs), 1, BatchMax);
        var (ahead, ready) = ((double)facts.Ahead, (double)facts.Ready);
        for (var followed = 0; ; followed++)
        {
            var at = devices.Dequeue();
            var batch = free.Count > 1 ? Math.Min(full, Math.Max(1, Math.Ceiling(ready / (2 * free.Count)))) : full;
            if (ahead < batch)
            {
                return at + (ahead * facts.EstimateMs);
            }

            if (followed == BatchesFollowed)
            {
                return at + (ahead * facts.EstimateMs / free.Count);
            }

            (ahead, ready) = (ahead - batch, ready - batch);
            var next = at + (batch * facts.EstimateMs);
            devices.Enqueue(next, next);
        }
    }
}
