using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Json;
using QualGent.Scheduling.Queue;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Builds as fields of one hash per organisation: the digest, which scripts read, and behind it the build as JSON.</summary>
internal sealed class RedisAppRegistry(QueueScripts scripts) : IAppRegistry
{
    private const int DigestLength = 64;

    private IDatabase Database => scripts.Database;

    /// <summary>Digest of a stored build.</summary>
    public static string DigestOf(RedisValue stored) => ((string)stored!)[..DigestLength];

    /// <inheritdoc/>
    public async Task<RegisterAppResult> PutAsync(AppView app, bool replace, CancellationToken cancellationToken)
    {
        var reply = (RedisResult[])(await scripts.RunAsync(
            "put_app", app.OrgId, app.AppVersionId, app.Sha256, JsonSerializer.Serialize(app, ContractsJson.Default.AppView), replace ? 1 : 0, Limits.AppsPerOrg))!;
        return (string)reply[0]! switch
        {
            "taken" => new RegisterAppResult.Taken((string)reply[1]!),
            "full" => new RegisterAppResult.Full(),
            var word => new RegisterAppResult.Registered(word == "new"),
        };
    }

    /// <inheritdoc/>
    public async Task<AppView?> GetAsync(string orgId, string appVersionId, CancellationToken cancellationToken) =>
        await Database.HashGetAsync(scripts.Keys.Apps(orgId), appVersionId).InTime() is { HasValue: true } stored ? View(stored) : null;

    /// <inheritdoc/>
    public async Task<AppList> ListAsync(string orgId, CancellationToken cancellationToken)
    {
        var stored = await Database.HashValuesAsync(scripts.Keys.Apps(orgId)).InTime();
        return new AppList([.. stored.Select(View).OrderByDescending(app => app.RegisteredAt).ThenBy(app => app.AppVersionId, StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(string orgId, string appVersionId, CancellationToken cancellationToken) =>
        await Database.HashDeleteAsync(scripts.Keys.Apps(orgId), appVersionId).InTime();

    private static AppView View(RedisValue stored) => JsonSerializer.Deserialize(((string)stored!)[DigestLength..], ContractsJson.Default.AppView)!;
}
