using System.Globalization;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Json;
using QualGent.Scheduling.Hooks;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Hooks as fields of one hash per organisation: their events, which scripts read, and behind them the hook as JSON.</summary>
internal sealed class RedisHookRegistry(QueueScripts scripts) : IHookRegistry
{
    private IDatabase Database => scripts.Database;

    private RedisKeys Keys => scripts.Keys;

    /// <summary>A stored hook.</summary>
    public static HookView View(string stored) => JsonSerializer.Deserialize(stored.AsSpan(stored.IndexOf('{')), ContractsJson.Default.HookView)!;

    /// <inheritdoc/>
    public async Task<bool> AddAsync(HookView hook, string secret, CancellationToken cancellationToken) => (int)await scripts.RunAsync(
        "add_hook", hook.OrgId, hook.Id, $"{string.Join(' ', hook.Events)} {JsonSerializer.Serialize(hook, ContractsJson.Default.HookView)}", secret, Limits.HooksPerOrg) == 1;

    /// <inheritdoc/>
    public async Task<HookList> ListAsync(string orgId, CancellationToken cancellationToken)
    {
        var stored = await Database.HashValuesAsync(Keys.Hooks(orgId)).InTime();
        return new HookList([.. await Task.WhenAll(stored.Select(hook => View(hook!)).OrderBy(hook => hook.Id, StringComparer.Ordinal).Select(WithCountsAsync))]);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(string orgId, string hookId, CancellationToken cancellationToken) => (int)await scripts.RunAsync("remove_hook", orgId, hookId) == 1;

    /// <inheritdoc/>
    public async Task<HookLog?> ReadLogAsync(string orgId, string hookId, CancellationToken cancellationToken)
    {
        if (!await Database.HashExistsAsync(Keys.Hooks(orgId), hookId).InTime())
        {
            return null;
        }

        var log = await Database.ListRangeAsync(Keys.HookLog(hookId)).InTime();
        return new HookLog([.. log.Select(entry => Attempt(entry!))]);
    }

    private async Task<HookView> WithCountsAsync(HookView hook)
    {
        var (waiting, skipped) = (Database.SortedSetLengthAsync(Keys.HookDue(hook.Id)).InTime(), Database.HashGetAsync(Keys.HookTries(hook.Id), "skipped").InTime());
        await Task.WhenAll(waiting, skipped);
        return hook with { Waiting = (int)await waiting, Skipped = (int)await skipped };
    }

    // "delivered {…}", "given_up {…}", or the instant of the next attempt: "1800000005000 {…}"
    private static HookAttempt Attempt(string entry)
    {
        var split = entry.IndexOf(' ', StringComparison.Ordinal);
        var attempt = JsonSerializer.Deserialize(entry.AsSpan(split), ContractsJson.Default.HookAttempt)!;
        return entry[..split] switch
        {
            "delivered" => attempt with { Outcome = HookOutcome.Delivered },
            "given_up" => attempt with { Outcome = HookOutcome.GivenUp },
            var next => attempt with { Outcome = HookOutcome.Retrying, NextAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(next, CultureInfo.InvariantCulture)) },
        };
    }
}
