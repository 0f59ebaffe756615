using System.Globalization;
using System.Text.Json;
using QualGent.Scheduling.Jobs;
using static QualGent.Simulation.Checking.InvariantException;

namespace QualGent.Simulation.Checking;

/// <summary>
/// Judges what a claim chose by what was there before it: what a device must not get, what it must not be denied, whom it may not pass
/// over, and whether it had a reason to leave. An own reading of the placement rules, not of the scripts.
/// </summary>
internal sealed class Placement
{
    // One priority level: how much more senior work must be to count.
    private const double LevelMs = 300_000;
    private const long WarmWaitMs = 5000;
    private readonly PoolSnapshot _pool;
    private readonly long _nowMs;
    private readonly List<Group> _groups;

    public Placement(PoolSnapshot pool, long nowMs)
    {
        (_pool, _nowMs) = (pool, nowMs);
        _groups = [.. pool.ScoresWith("lanes:").Select(group => new Group(pool, group.Name, group.Scores)).Where(MayBeHandedOut)];
    }

    /// <summary>The device got jobs of a group.</summary>
    public void CheckClaim(string device, string group, IEnumerable<string> jobs)
    {
        var visitor = new Visitor(_pool, device);
        var chosen = _groups.Find(other => other.Name == group) ?? throw new InvariantException($"{device} got jobs of {group}, which was paused, condemned or empty");
        Require(!visitor.IsOffDuty, $"{device} is off duty and got jobs of {group}");
        Require(visitor.Classes.Contains(chosen.Class), $"{device} does not serve {chosen.Class} and got jobs of {group}");
        Require(!IsBarred(device, chosen), $"{group} does not install on {device}, which got jobs of it");
        Require(!jobs.Any(job => Avoids(device, job)), $"{device} got a retry that another device should have");
        Require(Devices(chosen.Org, device) < Cap(chosen.Org), $"{chosen.Org} has all the devices it may have, and got {device}");
        if (visitor.Group == group && IsStaying(visitor))
        {
            CheckStay(visitor, chosen);
            return;
        }

        CheckJoin(visitor, chosen);
        if (visitor.Group is not null)
        {
            CheckLeave(visitor, chosen);
        }
    }

    /// <summary>The device got nothing: nothing it could have had may be there.</summary>
    public void CheckEmpty(string device)
    {
        var visitor = new Visitor(_pool, device);
        if (visitor.IsOffDuty)
        {
            return;
        }

        // Where more than eight groups of an organisation or four organisations come first, a claim does not look further. That time
        // alone has opened a group, a sweep finds out.
        var missed = _groups.Where(group => CouldVisit(visitor, group) && (IsWorthAnInstallation(visitor, group) || visitor.Warm == group.Build || IsStalled(group) && group.IsOpen)).Take(9).ToList();
        Require(missed is [] or { Count: 9 }, $"{device} got nothing, although {(missed is [var first, ..] ? first.Name : "")} had work for it");
    }

    /// <summary>The device was asked to end its batch.</summary>
    public void CheckYield(string device) => CheckLeave(new Visitor(_pool, device), null);

    // 18: within an organisation nobody passes over work that nobody serves and that is more than one level senior.
    // 19: a device installs only where that ends the group's work sooner.
    private void CheckJoin(Visitor visitor, Group chosen)
    {
        Require(IsWorthAnInstallation(visitor, chosen) || visitor.Warm == chosen.Build || IsStalled(chosen), string.Create(CultureInfo.InvariantCulture, $"{visitor.Id} joined {chosen.Name}, which has {chosen.WorkMs} ms of work on {chosen.Visitors.Count} devices"));
        foreach (var other in _groups.Where(other => other.Org == chosen.Org && other.HeadMs + LevelMs < chosen.HeadMs))
        {
            Require(!CouldVisit(visitor, other) || !IsUnserved(visitor, other), $"{visitor.Id} went to {chosen.Name} and passed over {other.Name}, which nobody serves and which waits longer");
        }
    }

    // 18: nor does it stay where such work waits and no idle device could take it, once the visit has paid for an installation.
    private void CheckStay(Visitor visitor, Group own)
    {
        if (_nowMs - visitor.BoundMs < own.InstallMs)
        {
            return;
        }

        foreach (var other in _groups.Where(other => other.Org == own.Org && other.HeadMs + LevelMs < own.HeadMs))
        {
            Require(!CouldVisit(visitor, other) || !IsUnserved(visitor, other) || HasIdle(other), $"{visitor.Id} stayed with {own.Name}, and {other.Name}, which nobody serves, waits longer");
        }
    }

    // 21: it leaves work only for an organisation that would have fewer devices for its weight even afterwards, or for senior work of
    // its own, or because it must.
    private void CheckLeave(Visitor visitor, Group? chosen)
    {
        var own = _groups.Find(group => group.Name == visitor.Group);
        if (own is null || visitor.IsOffDuty || IsBarred(visitor.Id, own) || Devices(own.Org) > Cap(own.Org))
        {
            return;
        }

        var share = Share(own.Org, Devices(own.Org));
        var forOthers = _groups.Exists(other => other.Org != own.Org && CouldVisit(visitor, other) && Share(other.Org, Devices(other.Org) + 1) < share);
        var forSenior = _groups.Exists(other => other.Org == own.Org && other != own && CouldVisit(visitor, other) && other.HeadMs + LevelMs < own.HeadMs);
        Require(forOthers || forSenior, $"{visitor.Id} had no reason to leave {own.Name}");
        Require(chosen is null || chosen.Org == own.Org || Share(chosen.Org, Devices(chosen.Org) + 1) < share, $"{visitor.Id} left {own.Org} with {Devices(own.Org)} devices for {chosen?.Org} with {(chosen is null ? 0 : Devices(chosen.Org))}");
    }

    private bool MayBeHandedOut(Group group)
    {
        var paused = _pool.Set("paused");
        return !paused.Contains("*") && !paused.Contains(group.Org) && !paused.Contains(group.Build) && !_pool.Scores("condemned").ContainsKey(group.Name);
    }

    // A claim begins a new visit when the old one's group has nothing left.
    private bool IsStaying(Visitor visitor) => _groups.Exists(group => group.Name == visitor.Group);

    private bool CouldVisit(Visitor visitor, Group group) =>
        visitor.Classes.Contains(group.Class) && !IsBarred(visitor.Id, group) && Devices(group.Org, visitor.Id) < Cap(group.Org);

    private bool IsUnserved(Visitor visitor, Group group) => Served(visitor, group) == 0;

    // The first device always; any further one where more than an installation's time of work is left for every device there is.
    private bool IsWorthAnInstallation(Visitor visitor, Group group) => IsUnserved(visitor, group) || group.WorkMs > group.InstallMs * Served(visitor, group);

    private bool IsStalled(Group group) => _nowMs >= group.StalledMs;

    // Free devices that have the build count for a moment: they are on their way.
    private int Served(Visitor visitor, Group group)
    {
        var serving = group.Visitors.Count(device => device != visitor.Id);
        if (visitor.Warm == group.Build)
        {
            return serving;
        }

        if (group.AvoidUntilMs > _nowMs)
        {
            return serving; // a retry may wait that is not meant for them
        }

        var isNew = _nowMs - group.OpenedMs < WarmWaitMs;
        return serving + _pool.Scores("warm:" + group.Build).Count(free => free.Key != visitor.Id && (isNew || free.Value > _nowMs - WarmWaitMs));
    }

    private bool HasIdle(Group group) => _pool.Scores("idle:" + group.Class).Count > 0;

    // Its build failed to install there a while ago, or all that waits, as far as a claim looks, are retries for other devices.
    private bool IsBarred(string device, Group group) =>
        (_pool.Scores("barred:" + group.Name).TryGetValue(device, out var untilMs) && untilMs > _nowMs)
        || (group.AvoidUntilMs > _nowMs && group.Lanes.Take(16).All(lane => _pool.Scores("ready:" + lane).OrderBy(job => job.Value).ThenBy(job => job.Key, StringComparer.Ordinal).Take(16).All(job => Avoids(device, job.Key))));

    private bool Avoids(string device, string job)
    {
        var record = _pool.Hash("job:" + job);
        return record.GetValueOrDefault("avoid") == device && Number(record, "avoid_until_ms", 0) > _nowMs;
    }

    private int Devices(string org, string? without = null) => _pool.Set($"org:{org}:devices").Count(device => device != without);

    private double Cap(string org) => Number(_pool.Hash("org:" + org), "cap", double.PositiveInfinity);

    private double Share(string org, int devices) => Math.Floor(64 * devices / Number(_pool.Hash("org:" + org), "weight", 1));

    private static double Number(IReadOnlyDictionary<string, string> hash, string field, double otherwise) =>
        hash.TryGetValue(field, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private sealed class Visitor(PoolSnapshot pool, string id)
    {
        private readonly IReadOnlyDictionary<string, string> _record = pool.Hash("device:" + id);

        public string Id => id;

        public string? Group => _record.GetValueOrDefault("group");

        public string? Warm => _record.GetValueOrDefault("warm");

        public bool IsOffDuty => _record.ContainsKey("duty");

        public double BoundMs => Number(_record, "bound_ms", 0);

        // All that its profile serves: a claim finds out itself what was asked for or forgotten since the device said which it serves.
        public HashSet<string> Classes { get; } = Served(pool.Scores("classes").Keys, pool.Hash("device:" + id));

        private static HashSet<string> Served(IEnumerable<string> classes, IReadOnlyDictionary<string, string> device)
        {
            var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(device["labels"])!;
            return [.. classes.Where(needs => RequirementClass.Parse(needs).IsServedBy(device["target"], device["platform"], labels))];
        }
    }

    private sealed class Group
    {
        public Group(PoolSnapshot pool, string name, IReadOnlyDictionary<string, double> lanes)
        {
            var record = pool.Hash("group:" + name);
            Name = name;
            (Org, Build, Class) = (record["org"], record["build"], record["class"]);
            HeadMs = lanes.Values.Min();
            InstallMs = Number(record, "install_ms", 30_000);
            WorkMs = Number(record, "estimate_ms", 10_000) * lanes.Keys.Sum(lane => pool.Scores("ready:" + lane).Count);
            Lanes = [.. lanes.OrderBy(lane => lane.Value).ThenBy(lane => lane.Key, StringComparer.Ordinal).Select(lane => lane.Key)];
            AvoidUntilMs = Number(record, "avoid_until_ms", 0);
            OpenedMs = Number(record, "opened_ms", 0);
            StalledMs = Number(record, "progress_ms", 0) + (3 * InstallMs);
            Visitors = pool.Set("bound:" + name);
            IsOpen = pool.Scores($"open:{Class}|{Org}").ContainsKey(name);
        }

        public string Name { get; }

        public string Org { get; }

        public string Build { get; }

        public string Class { get; }

        public IReadOnlyList<string> Lanes { get; }

        public double HeadMs { get; }

        public double AvoidUntilMs { get; }

        public double InstallMs { get; }

        public double WorkMs { get; }

        public double OpenedMs { get; }

        public double StalledMs { get; }

        public IReadOnlySet<string> Visitors { get; }

        public bool IsOpen { get; }
    }
}
