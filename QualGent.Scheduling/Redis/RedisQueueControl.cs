using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Scheduling.Redis;

/// <summary>The operator's side: arguments in, replies out, rules in the scripts.</summary>
internal sealed class RedisQueueControl(QueueScripts scripts, IJobQueue queue, IOptions<SchedulingOptions> options) : IQueueControl
{
    private const string Everything = "*";

    /// <inheritdoc/>
    public async Task<OrgView> GetOrgAsync(string orgId, CancellationToken cancellationToken)
    {
        var (database, keys) = (scripts.Database, scripts.Keys);
        var org = new RedisHash(await database.HashGetAllAsync(keys.Org(orgId)).InTime());
        return new OrgView
        {
            Id = orgId,
            Weight = org.Decimal("weight") ?? 1,
            Cap = (int)(org.Number("cap") ?? Limits.CapMax),
            QueuedMax = (int)(org.Number("queued_max") ?? options.Value.QueuedPerOrgMax),
            NpmScripts = org.Text("npm_scripts") == "1",
            Queued = org.Number("queued") ?? 0,
            Devices = (int)await database.SetLengthAsync(keys.OrgDevices(orgId)).InTime(),
            Paused = await database.SetContainsAsync(keys.Paused, orgId).InTime(),
        };
    }

    /// <inheritdoc/>
    public async Task<OrgView> ChangeOrgAsync(string orgId, OrgChange change, CancellationToken cancellationToken)
    {
        await scripts.RunAsync("set_org", orgId, change.Weight is { } weight ? weight : "", change.Cap is { } cap ? cap : "", change.QueuedMax is { } queued ? queued : "", change.NpmScripts switch { null => "", true => 1, false => 0 });
        return await GetOrgAsync(orgId, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<PauseList?> PauseAsync(PauseScope scope, CancellationToken cancellationToken) =>
        (int)await scripts.RunAsync("pause", Name(scope), scope.OrgId ?? "", Limits.PausedMax) == 1 ? await PausedAsync(scripts) : null;

    /// <inheritdoc/>
    public async Task<PauseList> ResumeAsync(PauseScope scope, CancellationToken cancellationToken)
    {
        await scripts.RunAsync("resume", Name(scope), scope.OrgId ?? "");
        return await PausedAsync(scripts);
    }

    /// <inheritdoc/>
    public async Task<DeviceView?> SetDutyAsync(string deviceId, DeviceDuty duty, CancellationToken cancellationToken) =>
        (int)await scripts.RunAsync("duty", deviceId, duty == DeviceDuty.OnDuty ? "" : duty.ToString().ToLowerInvariant()) == 1
            ? (await queue.ListDevicesAsync(cancellationToken)).Devices.FirstOrDefault(device => device.Id == deviceId)
            : null;

    /// <summary>What is paused, in an order that does not change.</summary>
    public static async Task<PauseList> PausedAsync(QueueScripts scripts)
    {
        var names = await scripts.Database.SetMembersAsync(scripts.Keys.Paused).InTime();
        return new PauseList([.. names.Select(name => (string)name!).Order(StringComparer.Ordinal).Select(Scope)]);
    }

    private static string Name(PauseScope scope) => scope switch
    {
        { OrgId: null } => Everything,
        { AppVersionId: null } => scope.OrgId,
        _ => $"{scope.OrgId}|{scope.AppVersionId}",
    };

    private static PauseScope Scope(string name) => name.Split('|') switch
    {
        [Everything] => new PauseScope(),
        [var org] => new PauseScope { OrgId = org },
        var parts => new PauseScope { OrgId = parts[0], AppVersionId = parts[1] },
    };
}
