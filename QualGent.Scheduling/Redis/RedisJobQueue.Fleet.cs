using QualGent.Contracts;

namespace QualGent.Scheduling.Redis;

internal sealed partial class RedisJobQueue
{
    private const int GroupsShown = 200;

    /// <inheritdoc/>
    public async Task<QueueView> GetQueueAsync(CancellationToken cancellationToken)
    {
        var (database, keys) = (scripts.Database, scripts.Keys);
        var counts = new RedisHash(await database.HashGetAllAsync(keys.Counts).InTime());
        var delayed = await database.SortedSetLengthAsync(keys.Delayed).InTime();
        var now = await scripts.NowAsync();
        var names = await database.SortedSetRangeByRankAsync(keys.Groups, 0, -1).InTime();
        var groups = await Task.WhenAll(names.Select(name => GroupAsync((string)name!, now)));
        var devices = await ListDevicesAsync(cancellationToken);
        return new QueueView
        {
            Queued = counts.Number("queued") ?? 0,
            Delayed = delayed,
            Running = counts.Number("running") ?? 0,
            DevicesIdle = devices.Devices.Count(device => device.State == DeviceState.Idle),
            DevicesBusy = devices.Devices.Count(device => device.State == DeviceState.Busy),
            Paused = (await RedisQueueControl.PausedAsync(scripts)).Paused,
            Groups = [.. groups.OfType<QueueGroupView>().OrderByDescending(group => group.Queued).Take(GroupsShown)],
        };
    }

    /// <inheritdoc/>
    public async Task<DeviceList> ListDevicesAsync(CancellationToken cancellationToken)
    {
        var (database, keys) = (scripts.Database, scripts.Keys);
        var ids = await database.SetMembersAsync(keys.Devices).InTime();
        var devices = await Task.WhenAll(ids.Select(id => DeviceAsync(id!)));
        return new DeviceList([.. devices.OfType<DeviceView>().OrderBy(device => device.Host, StringComparer.Ordinal).ThenBy(device => device.Serial, StringComparer.Ordinal)]);

        async Task<DeviceView?> DeviceAsync(string id)
        {
            var hash = database.HashGetAllAsync(keys.Device(id)).InTime();
            var jobs = database.SortedSetRangeByRankAsync(keys.DeviceJobs(id)).InTime();
            var lease = database.SortedSetScoreAsync(keys.Leases, id).InTime();
            var device = new RedisHash(await hash);
            var until = await lease is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds((long)ms) : (DateTimeOffset?)null;
            return device.Exists ? QueueViews.Device(id, device, [.. (await jobs).Select(job => (string)job!)], until) : null;
        }
    }

    /// <inheritdoc/>
    public async Task<AgentList> ListAgentsAsync(CancellationToken cancellationToken)
    {
        var (database, keys) = (scripts.Database, scripts.Keys);
        var ids = await database.SetMembersAsync(keys.Agents).InTime();
        var agents = await Task.WhenAll(ids.Select(id => AgentAsync(id!)));
        return new AgentList([.. agents.OfType<AgentView>().OrderBy(agent => agent.Name, StringComparer.Ordinal)]);

        async Task<AgentView?> AgentAsync(string id)
        {
            var hash = new RedisHash(await database.HashGetAllAsync(keys.Agent(id)).InTime());
            var devices = await database.SetMembersAsync(keys.AgentDevices(id)).InTime();
            var leases = await Task.WhenAll(devices.Select(device => database.SortedSetScoreAsync(keys.Leases, device).InTime()));
            return hash.Exists
                ? new AgentView
                {
                    Id = id,
                    Name = hash.Required("name"),
                    Host = hash.Required("host"),
                    Online = leases.Any(lease => lease is not null),
                    LastSeenAt = hash.Instant("seen_ms")!.Value,
                    DeviceIds = [.. devices.Select(device => (string)device!).Order(StringComparer.Ordinal)],
                }
                : null;
        }
    }

    private async Task<QueueGroupView?> GroupAsync(string name, long now)
    {
        var (database, keys) = (scripts.Database, scripts.Keys);
        var lanes = await database.SortedSetRangeByRankAsync(keys.Lanes(name)).InTime();
        if (lanes.Length == 0)
        {
            return null;
        }

        var lengths = await Task.WhenAll(lanes.Select(lane => database.SortedSetLengthAsync(keys.Ready(lane!)).InTime()));
        var heads = await database.SortedSetRangeByRankAsync(keys.Ready(lanes[0]!), 0, 0).InTime();
        var devices = (int)await database.SetLengthAsync(keys.Bound(name)).InTime();
        var group = new RedisHash(await database.HashGetAllAsync(keys.Group(name)).InTime());
        if (!group.Exists || heads is not [var head] || !Jobs.Ids.TryParseJob(head, out var runId, out _))
        {
            return null;
        }

        var created = (long?)await database.HashGetAsync(keys.Run(runId), "created_ms").InTime() ?? now;
        return new QueueGroupView
        {
            OrgId = group.Required("org"),
            AppVersionId = group.Required("app"),
            Class = group.Required("class"),
            Queued = lengths.Sum(),
            Devices = devices,
            OldestWaitMs = Math.Max(0, now - created),
        };
    }
}
