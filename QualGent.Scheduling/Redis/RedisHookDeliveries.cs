using System.Globalization;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Json;
using QualGent.Scheduling.Hooks;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Takes deliveries and reports them: arguments in, replies out, rules in the scripts.</summary>
internal sealed class RedisHookDeliveries(QueueScripts scripts, Random random) : IHookDeliveries
{
    /// <inheritdoc/>
    public async Task<TakenHook?> TakeAsync(TimeSpan lease, int most, CancellationToken cancellationToken)
    {
        var reply = (string[])(await scripts.RunAsync("take_deliveries", RedisJobQueue.Ms(lease), most))!;
        if (reply is not [var org, var hookId, var hook, var secret, var leaseEnd, var now, .. var rest])
        {
            return null;
        }

        var deliveries = rest.Chunk(2).Select(pair => new HookDelivery(hookId, pair[0], int.Parse(pair[1], CultureInfo.InvariantCulture)));
        return new TakenHook(org, RedisHookRegistry.View(hook), secret, leaseEnd, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(now, CultureInfo.InvariantCulture)), [.. deliveries]);
    }

    /// <inheritdoc/>
    public async Task<int> ReportAsync(TakenHook hook, IReadOnlyList<HookReport> reports, HookPatience patience, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
        [
            hook.OrgId, hook.Hook.Id, hook.Lease,
            RedisJobQueue.Ms(patience.First), RedisJobQueue.Ms(patience.Longest), RedisJobQueue.Ms(patience.GiveUpAfter), Limits.HookLogLength,
            .. reports.SelectMany(report => (RedisValue[])
            [
                report.Attempt.SubjectId, report.Attempt.Attempt, report.Result.ToString().ToLowerInvariant(), random.NextDouble(),
                JsonSerializer.Serialize(report.Attempt, ContractsJson.Default.HookAttempt),
            ]),
        ];
        return (int)await scripts.RunAsync("report_deliveries", arguments);
    }
}
